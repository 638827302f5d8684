import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { writeEnvelope, writeLetter } from '../formats/actes/write-letter.js';
import { makePdf } from '../signature-desk/make-pdf.js';
import { LETTER_MESSAGES, LETTER_NUMBERS } from './act-content.js';
import { businessName, DEPARTMENT } from './act-names.js';
import type { FiledAct, Letter } from './exchange.js';

/** The `.tar.gz` in which a letter of the prefecture comes: its envelope, its message and its document (contracts/pes-actes-formats.md §B3).
 * `serial`: of the envelope, 1 to 9999. */
export async function letterArchive({ letter, date, words }: Pick<Letter, 'letter' | 'date' | 'words'>, { actId, authority, subject }: FiledAct, serial: number): Promise<{ readonly filename: string; readonly bytes: Buffer }> {
  const name = `EACT--PREF${DEPARTMENT}-${authority}-${date.replaceAll('-', '')}-${serial}`;
  const code = `${LETTER_NUMBERS[letter]}-1`;
  const [message, document] = [businessName(actId, code, 0, 'xml'), businessName(actId, code, 1, 'pdf')];
  const tar = pack();
  const mtime = new Date(date);
  tar.entry({ name: `${name}.xml`, mtime }, writeEnvelope({ department: DEPARTMENT, siren: authority, files: [message] }));
  tar.entry({ name: message, mtime }, writeLetter(LETTER_MESSAGES[letter], { actId, on: date, text: words, files: [document] }));
  tar.entry({ name: document, mtime }, makePdf(['Préfecture simulée', '', `Acte ${actId}`, subject, '', `Le ${date}`, '', words]));
  tar.finalize();
  return { filename: `${name}.tar.gz`, bytes: gzipSync(await buffer(tar)) };
}
