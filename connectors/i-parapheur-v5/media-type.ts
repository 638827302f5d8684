const BY_ENDING: Readonly<Record<string, string>> = {
  pdf: 'application/pdf', xml: 'application/xml', p7s: 'application/pkcs7-signature', zip: 'application/zip', txt: 'text/plain', rtf: 'application/rtf', html: 'text/html',
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', doc: 'application/msword', xls: 'application/vnd.ms-excel', ppt: 'application/vnd.ms-powerpoint',
  odt: 'application/vnd.oasis.opendocument.text', ods: 'application/vnd.oasis.opendocument.spreadsheet', odp: 'application/vnd.oasis.opendocument.presentation',
};

/** An archive tells no media types: those of the files that a folder may hold (contracts/iparapheur.md §2.5), by the end of the name. */
export function mediaTypeOf(filename: string): string {
  return BY_ENDING[/\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
