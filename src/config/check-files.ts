import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Report } from './check-names.js';
import { describeValue, valueAt } from './explain-issue.js';
import { selectTexts } from './select.js';
import type { Path } from './yaml-file.js';

/** Reports every file that the data names at one of the patterns and that cannot be read. A file is relative to the folder
 * that `folderAt` gives for its place. */
export function checkFiles(data: unknown, patterns: readonly string[], folderAt: (place: Path) => string, report: Report): void {
  for (const pattern of patterns) {
    for (const { path: place, value } of selectTexts(data, pattern)) {
      const file = path.resolve(folderAt(place), value);
      const problem = problemOf(file);
      if (problem !== null) report(place, `found ${describeValue(value)}${path.isAbsolute(value) ? '' : ` (${file})`}, ${problem}`);
    }
  }
}

function problemOf(file: string): string | null {
  try {
    if (!fs.statSync(file).isFile()) return 'which is a folder, expected a file';
    fs.accessSync(file, fs.constants.R_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' ? 'which Relais may not read, expected a file that its account can read' : 'which is not there, expected a file';
  }
}

/** Reports files of `tls` of the server section that hold no certificate or no key, or that do not belong together. Those that cannot be
 * read are checkFiles' to report. */
export function checkTls(data: unknown, folder: string, report: Report): void {
  const read = (name: string): Buffer | null => {
    const file = valueAt(data, ['tls', name]);
    const found = typeof file === 'string' ? path.resolve(folder, file) : null;
    return found === null || problemOf(found) !== null ? null : fs.readFileSync(found);
  };
  const refuse = (name: string, expected: string): void => {
    report(['tls', name], `found ${describeValue(valueAt(data, ['tls', name]))}, expected ${expected}`);
  };
  const [cert, key, clientCa] = [read('cert'), read('key'), read('clientCa')];
  if (clientCa !== null && !works(() => new X509Certificate(clientCa))) refuse('clientCa', 'certificates in PEM form');
  if (cert !== null && !works(() => new X509Certificate(cert))) refuse('cert', 'a certificate in PEM form, the server\'s own first');
  else if (key !== null && !works(() => createPrivateKey(key))) refuse('key', 'a private key in PEM form, without a passphrase');
  else if (cert !== null && key !== null && !works(() => createSecureContext({ cert, key }))) refuse('key', 'the private key that belongs to server.tls.cert');
}

function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
