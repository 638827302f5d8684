import type { DeskFolder } from './desk-folder.js';
import { makePdf } from './make-pdf.js';

/** The circulation slip: who did what with a folder, and when. The same folder makes the same bytes. */
export function makeSlip({ title, id, type, subtype, main, annexes, history }: DeskFolder): Buffer {
  return makePdf([
    'BORDEREAU DE SIGNATURE (simulation)', '',
    `Dossier : ${title}`, `Identifiant : ${id}`, `Type : ${type} / ${subtype}`, '',
    ...main.map(({ filename }) => `Document principal : ${filename}`),
    ...annexes.map(({ filename }) => `Annexe : ${filename}`), '',
    ...history.map(({ at, actor, status, annotation }) => `${new Date(at).toISOString()}  ${status}  ${actor}${annotation === '' ? '' : ` : ${annotation}`}`),
  ]);
}
