import type { Arrival, ConnectorContext } from '../connector-api/connector.js';
import { describeRetour } from '../formats/pes/describe-retour.js';
import { readPesRetour } from '../formats/pes/read-retour.js';

/** A PES_Retour that was fetched and kept, byte for byte. */
export interface FetchedRetour {
  readonly filename: string;
  readonly file: { readonly sha256: string; readonly size: number };
  /** What the platform tells of it beside. */
  readonly fields?: Arrival['fields'];
}

/** Makes an item of a return file of the treasury: whose it is, what became of the pieces in plain words, and the file. Throws FormatError for a
 * file that is none. */
export async function pesRetourArrival({ filename, file, fields }: FetchedRetour, language: 'fr' | 'en', { blobs }: Pick<ConnectorContext, 'blobs'>): Promise<Arrival> {
  const retour = await readPesRetour(blobs.read(file.sha256));
  const { summary, rejected } = describeRetour(retour, language);
  const { nomFic, codCol, codBud, idColl, producedOn, pieceCount } = retour;
  return {
    kind: 'pes-retour', title: `PES_Retour ${nomFic === '' ? filename : nomFic}`, description: [summary, ...rejected].join('\n'),
    fields: { ...fields, nomFic, codCol, codBud, idColl, producedOn, pieceCount, rejected },
    documents: [{ title: filename, filename, mediaType: 'application/xml', ...file, role: 'report' }],
  };
}
