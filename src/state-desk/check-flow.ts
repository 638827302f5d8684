import { readPes } from '../formats/pes/read-pes.js';
import type { PesReport } from '../formats/pes/pes-report.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import type { FlowNames, TreasuryFlow } from './treasury-flow.js';

/** What the checks after the deposit came to. `problem` is null for a flow that may be sent. */
export interface FlowCheck {
  readonly names: FlowNames | null;
  readonly holdsNames: boolean;
  readonly problem: string | null;
}

/** The encoding has to be named within so many characters (contracts/s2low.md §5.2 check 2). */
const ENCODING_WINDOW = 50;
const LONGEST_COD_COL = 3;
const LONGEST_ID_COLL = 14;

/** Checks a flow as the platform does once it was deposited, in its order: the first that fails ends it (contracts/s2low.md §5.2). `isTaken`: a
 * flow with this pair of names was accepted before. */
export async function checkFlow({ file, sha1 }: Pick<TreasuryFlow, 'file' | 'sha1'>, files: DeskFiles, isTaken: (names: FlowNames) => boolean): Promise<FlowCheck> {
  const report = await readPes(files.read(file.sha256));
  const names = { nomFic: report.nomFic ?? '', codCol: report.codCol ?? '', idColl: report.idColl };
  const early = problemOfFile(report, await headOf(file.sha256, files)) ?? problemOfNames(names, report.sha1 === sha1, isTaken);
  if (early !== null) return { names: null, holdsNames: false, problem: early };
  return { names, holdsNames: true, problem: problemAtSending(report) };
}

function problemOfFile({ findings, domains }: PesReport, head: string): string | null {
  if (!/ISO-8859-1/i.test(head.slice(0, ENCODING_WINDOW))) return 'Le fichier n\'est pas encodé en ISO-8859-1';
  const broken = findings.find(({ rule, severity }) => rule === WELL_FORMED && severity === 'error');
  if (broken !== undefined) return `Le fichier XML n'est pas bien formé : ligne ${broken.line}`;
  return domains.length === 0 ? 'Le fichier ne contient aucun élément PES à transmettre' : null;
}

/** The rule of the reader for XML that is none (contracts/pes-actes-formats.md §A6). */
const WELL_FORMED = 'A6.3';

function problemOfNames(names: FlowNames, isWhole: boolean, isTaken: (names: FlowNames) => boolean): string | null {
  if (names.nomFic === '') return 'La balise NomFic est absente ou vide';
  if (names.codCol.length > LONGEST_COD_COL) return `Le CodCol ${names.codCol} dépasse ${LONGEST_COD_COL} caractères`;
  if (!isWhole) return 'Le fichier a été modifié depuis son dépôt';
  return isTaken(names) ? `Le nom de fichier ${names.nomFic} a déjà été utilisé pour la collectivité ${names.codCol}` : null;
}

/** A flow that fails here has taken its names all the same. */
function problemAtSending({ idColl, codCol, idPost, codBud }: PesReport): string | null {
  if ((idColl ?? '').length > LONGEST_ID_COLL) return `L'identifiant de collectivité ${idColl ?? ''} dépasse ${LONGEST_ID_COLL} caractères`;
  const missing = Object.entries({ CodCol: codCol, IdPost: idPost, CodBud: codBud }).find(([, value]) => value === null || value === '');
  return missing === undefined ? null : `La balise ${missing[0]} est absente : l'envoi est impossible`;
}

async function headOf(sha256: string, files: DeskFiles): Promise<string> {
  for await (const chunk of files.read(sha256) as AsyncIterable<Buffer>) return chunk.toString('latin1', 0, ENCODING_WINDOW);
  return '';
}
