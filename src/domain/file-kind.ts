/** What is said of a file: its media type where that tells something, else the end of its name. */
export interface FileWords {
  readonly filename: string;
  readonly mediaType: string;
}

export function isPdf(file: FileWords): boolean {
  return isKind(file, ['application/pdf'], '.pdf');
}

export function isXml(file: FileWords): boolean {
  return isKind(file, ['application/xml', 'text/xml'], '.xml');
}

/** Media types that say no more than «bytes». */
const VAGUE = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

function isKind({ filename, mediaType }: FileWords, types: readonly string[], ending: string): boolean {
  const type = (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
  return VAGUE.has(type) ? filename.toLowerCase().endsWith(ending) : types.includes(type);
}
