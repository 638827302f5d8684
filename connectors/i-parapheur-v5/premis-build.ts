import { Builder } from 'xml2js';

export interface PremisFile {
  readonly filename: string;
  readonly main: boolean;
  /** A signature that exists already, detached. */
  readonly signature?: { readonly method: string; readonly content: Buffer };
}

export interface PremisFolder {
  readonly title: string;
  /** Identifier or name. */
  readonly type: string;
  readonly subtype: string;
  /** `2027-03-01`. */
  readonly deadline: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly files: readonly PremisFile[];
}

/** Beginning of the names that are the other side's own. */
export const RESERVED = 'i_Parapheur_reserved_';

/** Not allowed in XML 1.0, escaped or not. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The PREMIS 3.0 text that creates a folder (contracts/iparapheur.md §3.3). */
export function buildPremis({ title, type, subtype, deadline, metadata, files }: PremisFolder): string {
  const folder = {
    $: { 'xsi:type': 'intellectualEntity' },
    significantProperties: Object.entries({
      [`${RESERVED}type`]: type,
      [`${RESERVED}subtype`]: subtype,
      // A moment, as the interface wants it; noon is the same day in every zone of Europe.
      ...(deadline !== null && { [`${RESERVED}dueDate`]: `${deadline}T12:00:00.000Z` }),
      ...metadata,
    }).map(property),
    originalName: clean(title),
  };
  const builder = new Builder({ renderOpts: { pretty: false }, xmldec: { version: '1.0', encoding: 'UTF-8' } });
  return builder.buildObject({
    premis: {
      $: { xmlns: 'http://www.loc.gov/premis/v3', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', version: '3.0' },
      object: [folder, ...files.map(fileObject)],
    },
  });
}

function fileObject({ filename, main, signature }: PremisFile): object {
  return {
    $: { 'xsi:type': 'file' },
    significantProperties: property([`${RESERVED}mainDocument`, String(main)]),
    originalName: clean(filename),
    ...(signature !== undefined && {
      signatureInformation: { signature: { signatureEncoding: 'Base64', signatureMethod: signature.method, signatureValue: signature.content.toString('base64') } },
    }),
  };
}

function property([name, value]: readonly [string, string]): object {
  return { significantPropertiesType: name, significantPropertiesValue: clean(value) };
}

function clean(text: string): string {
  return text.replace(FORBIDDEN, '');
}
