/** A Content-Type header, taken apart. */
export interface ContentType {
  /** `type/subtype` in lower case. */
  readonly media: string;
  /** Names in lower case, quotes removed. */
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;

/** Never fails: what cannot be read is left out. */
export function parseContentType(header: string | undefined): ContentType {
  const text = header ?? '';
  const semicolon = text.indexOf(';');
  const media = (semicolon < 0 ? text : text.slice(0, semicolon)).trim().toLowerCase();
  const parameters = new Map<string, string>();
  if (semicolon >= 0) {
    for (const match of text.slice(semicolon).matchAll(PARAMETER)) {
      const value = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '';
      parameters.set((match[1] ?? '').toLowerCase(), value);
    }
  }
  return { media, parameters };
}

/** True for a media type that holds XML. */
export function isXml(media: string): boolean {
  return media.endsWith('/xml') || media.endsWith('+xml') || media.endsWith('/xml-soap');
}
