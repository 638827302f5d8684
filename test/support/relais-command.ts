import { execFile } from 'node:child_process';
import path from 'node:path';
import { program } from './program.js';

const root = path.resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `relais`, for at most a minute and a half: many run at once. One that had to be ended has the code -1. */
export function relais(words: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...program(), ...words], {
      cwd: root, timeout: 90_000, env: { ...process.env, RELAIS_CONFIG: '', RELAIS_DATA: '', PORT: '', ...environment },
    }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }));
    child.stdin?.end(input);
  });
}
