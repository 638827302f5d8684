const TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf', xml: 'application/xml', zip: 'application/zip', p7s: 'application/pkcs7-signature', tsr: 'application/timestamp-reply', txt: 'text/plain',
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', odt: 'application/vnd.oasis.opendocument.text', json: 'application/json',
};

/** By the end of its name. */
export function mediaTypeOf(filename: string): string {
  return TYPES[/\.([^.]+)$/.exec(filename.toLowerCase())?.[1] ?? ''] ?? 'application/octet-stream';
}
