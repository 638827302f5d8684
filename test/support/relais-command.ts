import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `relais` from the sources, for at most a minute and a half: many run at once. One that had to be ended has the code -1. */
export function relais(words: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', path.join(root, 'src/cli.ts'), ...words], {
      cwd: root, timeout: 90_000, env: { ...process.env, RELAIS_CONFIG: '', RELAIS_DATA: '', PORT: '', ...environment },
    }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }));
    child.stdin?.end(input);
  });
}

/** The demonstration in a folder, with what a test changes in it; returns its main file. */
export function town(folder: string, change: (text: string) => string): string {
  fs.cpSync(path.join(root, 'config'), folder, { recursive: true });
  const file = path.join(folder, 'relais.yaml');
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  return file;
}
