import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** A connector whose other side is simulated, with all that is said of it. */
const SIMULATED = /( {4}- id: (\w+)\n {6}type: )[\w-]+\n {6}simulated: \d+\n(?: {6}.*\n)*/g;
/** The college decides here, as the council does. */
const BACKEND = / {6}backend: .*\n/g;
const STAND_IN = '$1folder\n      settings: {path: "${data}/$2", create: true}\n';
const OPERATION = /^ +operation: (?:transmit-\w+|create-resource)\n/gm;

/** The demonstration in a folder, with what a test changes in it; returns its main file. Folders take the place of the
 * systems that are simulated: their ports can be had once on a machine. */
export function demoTown(folder: string, change: (text: string) => string = (text) => text): string {
  return copyDemo(folder, (text) => {
    if (!text.includes('simulated: ')) throw new Error('the demonstration has nothing simulated to be replaced');
    return change(text.replace(BACKEND, '').replace(SIMULATED, STAND_IN).replace(OPERATION, ''));
  });
}

/** Ports of the systems that the demonstration simulates. */
export interface DemoPorts {
  readonly deliberation: number;
  readonly signature: number;
  readonly transmission: number;
  readonly pastell: number;
  readonly ged: number;
}

/** The demonstration in a folder, with the systems that it simulates at ports of their own. */
export function demoTownWithPartners(folder: string, ports: DemoPorts, change: (text: string) => string = (text) => text): string {
  return copyDemo(folder, (text) => change(Object.entries(ports).reduce((changed, [id, port]) => {
    const place = new RegExp(`( {4}- id: ${id}\\n {6}type: [\\w-]+\\n {6}simulated: )\\d+`);
    if (!place.test(changed)) throw new Error(`the demonstration does not simulate ${id}`);
    return changed.replace(place, `$1${port}`);
  }, text)));
}

function copyDemo(folder: string, change: (text: string) => string): string {
  fs.cpSync(path.join(root, 'config'), folder, { recursive: true });
  const file = path.join(folder, 'relais.yaml');
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  return file;
}
