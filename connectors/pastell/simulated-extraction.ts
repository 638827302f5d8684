import { readPes } from '../../src/formats/pes/read-pes.js';
import type { DocumentFile, SimulatedDocument } from './simulated-document.js';
import { setValue } from './simulated-form.js';
import type { PastellWorld } from './simulated-world.js';

/** What Pastell reads out of a PES when it is saved, each value once, with `, ` between several (contracts/pastell.md §5.2,
 * contracts/pes-actes-formats.md §A2). A file that is no PES tells nothing. */
export async function extractFlow(document: SimulatedDocument, { sha256 }: DocumentFile, { state: { files } }: PastellWorld): Promise<void> {
  const { nomFic, idColl, producedOn, codBud, slips, attachments } = await readPes(files.read(sha256));
  if ((document.values['objet'] ?? '') === '') setValue(document, 'objet', nomFic ?? '');
  const extracted = {
    id_coll: [idColl], dte_str: [producedOn], cod_bud: [codBud], exercice: slips.map(({ year }) => year), id_bordereau: slips.map(({ number }) => number),
    id_pj: attachments.map(({ uniqueId }) => uniqueId),
  };
  for (const [name, values] of Object.entries(extracted)) setValue(document, name, [...new Set(values)].filter((value) => value !== null).join(', '));
}
