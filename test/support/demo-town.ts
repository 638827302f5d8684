import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

const SIGNATURE_BOOK = /( {4}- id: signature\n {6}type: )i-parapheur\n {6}simulated: \d+\n {6}settings:\n(?: {8}.*\n)+/;
const STAND_IN = '$1folder\n      settings: {path: "${data}/signature", create: true}\n';

/** The demonstration in a folder, with what a test changes in it; returns its main file. A folder takes the place of the
 * simulated signature book: its port can be had once on a machine. */
export function demoTown(folder: string, change: (text: string) => string = (text) => text): string {
  return copyDemo(folder, (text) => {
    if (!SIGNATURE_BOOK.test(text)) throw new Error('the demonstration has no signature book to be replaced');
    return change(text.replace(SIGNATURE_BOOK, STAND_IN));
  });
}

/** The demonstration in a folder, with its simulated signature book at a port of its own. */
export function demoTownWithBook(folder: string, port: number): string {
  return copyDemo(folder, (text) => {
    if (!text.includes('simulated: 8090')) throw new Error('the demonstration has no simulated signature book');
    return text.replace('simulated: 8090', `simulated: ${port}`);
  });
}

function copyDemo(folder: string, change: (text: string) => string): string {
  fs.cpSync(path.join(root, 'config'), folder, { recursive: true });
  const file = path.join(folder, 'relais.yaml');
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  return file;
}
