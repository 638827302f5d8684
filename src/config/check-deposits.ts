import path from 'node:path';
import type { Report } from './check-names.js';
import { checkPlaces } from './check-place.js';
import { describeValue, valueAt } from './explain-issue.js';
import { select, selectTexts } from './select.js';
import { isMap } from './sourced.js';

/** Checks the deposits of an authority. `watched` holds the folders of all authorities that were read so far, with who looks into
 * each: two that look into one would take each other's files. */
export function checkDeposits(data: unknown, authority: string, watched: Map<string, string>, report: Report): void {
  checkPlaces(data, 'deposits.*.place', report);
  for (const { path: place, value } of select(data, 'deposits.*')) {
    if (!isMap(value)) continue;
    if (value.folder === undefined && value.mail === undefined && value.http !== true) report(place, 'found neither a folder nor `http: true` nor mail, expected one of them at least');
    const folder = valueAt(value, ['folder', 'path']);
    if (typeof folder !== 'string') continue;
    checkOwnFolders(value, folder, (inside, message) => { report([...place, 'folder', inside], message); });
    const other = watched.get(path.resolve(folder));
    if (other !== undefined) report([...place, 'folder', 'path'], `found ${describeValue(folder)}, into which ${other} looks, expected another folder, such as one that ends in \${authority}`);
    watched.set(path.resolve(folder), `deposit ${String(value.id)} of ${authority}`);
  }
}

/** What is put away must not be found again. */
function checkOwnFolders(deposit: unknown, folder: string, refuse: (key: string, message: string) => void): void {
  for (const key of ['processed', 'errors']) {
    for (const { value } of selectTexts(deposit, `folder.${key}`)) {
      if (path.resolve(folder, value) === path.resolve(folder)) refuse(key, `found ${describeValue(value)}, which is the folder itself, expected another one`);
    }
  }
}
