import { valueOf } from '../signature-desk/sign-pdf-dictionary.js';
import { readPdfFile } from '../signature-desk/sign-pdf-file.js';
import { addToArray, firstPage, writeUpdate, type Changes } from '../signature-desk/update-pdf.js';
import { makePdf } from '../signature-desk/make-pdf.js';
import type { FiledAct } from './exchange.js';

/** The PDF with the stamp of its acknowledgement on the first page: the file stays as it is, and a note is added behind it. What cannot be
 * read as a PDF gets a page of its own in its place, so that there is something to fetch. `publishedOn`: shown where it is known. */
export function stampAct(pdf: Buffer, act: FiledAct, publishedOn?: string): Buffer {
  const words = ['Accusé de réception en préfecture', act.actId, `Reçu le ${act.receivedOn ?? ''}`, ...publishedOn === undefined ? [] : [`Affiché le ${publishedOn}`]];
  try {
    const file = readPdfFile(pdf);
    const number = Number(valueOf(file.trailer, 'Size'));
    const changes: Changes = new Map();
    addToArray(file, changes, firstPage(file), 'Annots', `${number} 0 R`);
    changes.set(number, `<< /Type /Annot /Subtype /FreeText /Rect [340 770 580 830] /F 4 /DA (/Helv 9 Tf 0 0 1 rg) /Contents (${words.map(escaped).join('\\n')}) >>`);
    return Buffer.concat([pdf, writeUpdate(file, changes, pdf, number + 1)]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return makePdf(words);
  }
}

/** The acknowledgement slip of an act. */
export function actSlip(act: FiledAct): Buffer {
  return makePdf([
    'Bordereau d\'acquittement de transaction', '', `Collectivité : ${act.authority}`, `Identifiant unique : ${act.actId}`, `Numéro de l'acte : ${act.number}`,
    `Date de décision : ${act.date}`, `Objet : ${act.subject}`, `Nature : ${act.nature}`, `Matière : ${act.matter}`, `Date de réception : ${act.receivedOn ?? 'pas encore'}`,
    '', 'Documents :', ...act.documents.map(({ filename, size }) => `- ${filename} (${size} octets)`),
  ]);
}

function escaped(words: string): string {
  return words.replace(/[^\x20-\x7e\xa0-\xff]/g, '?').replace(/[\\()]/g, (character) => `\\${character}`);
}
