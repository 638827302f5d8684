import type { DeskFolder } from './desk-folder.js';
import { makePdf } from './make-pdf.js';

const LINE_LENGTH = 90;
/** Of a page that also names the folder and its documents. */
const ROWS = 24;
const NAMES = 8;

/** The circulation slip: who did what with a folder, and when. One page; of a long story, the end. The same folder makes the
 * same bytes. */
export function makeSlip({ title, id, type, subtype, main, annexes, history }: DeskFolder): Buffer {
  const names = [...main.map(({ filename }) => `Document principal : ${filename}`), ...annexes.map(({ filename }) => `Annexe : ${filename}`)];
  const rows = history.map(({ at, actor, status, annotation }) => `${new Date(at).toISOString()}  ${status}  ${actor}${annotation === '' ? '' : ` : ${annotation}`}`);
  const lines = ['BORDEREAU DE SIGNATURE (simulation)', '', `Dossier : ${title}`, `Identifiant : ${id}`, `Type : ${type} / ${subtype}`, '', ...names.slice(0, NAMES), '', ...rows.slice(-ROWS)];
  return makePdf(lines.map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line)));
}
