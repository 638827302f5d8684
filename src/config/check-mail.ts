import { plainSecrets } from './check-connectors.js';
import type { Report } from './check-names.js';
import { checkPlaces } from './check-place.js';
import { describeValue, valueAt } from './explain-issue.js';
import { mailSchema } from './mail-schema.js';
import { select } from './select.js';

/** Checks what deposits say of mail. `written` is the authority before references were resolved; `watched` holds what all authorities
 * look into, with who does. */
export function checkMail(data: unknown, written: unknown, authority: string, watched: Map<string, string>, report: Report): void {
  checkPlaces(data, 'deposits.*.mail.routes.*.place', report);
  for (const { path, value } of select(data, 'deposits.*')) {
    const mail = valueAt(value, ['mail']);
    if (mail === undefined) continue;
    const at = [...path, 'mail'];
    for (const secret of plainSecrets(valueAt(written, at), mailSchema)) report([...at, ...secret], 'found a secret in plain text, expected a reference to it: ${env:NAME} or ${file:/path}');
    if (valueAt(value, ['kind']) === 'pes') report([...path, 'kind'], 'found pes, whose files come by a folder or over HTTP, expected another kind for mail');
    checkFolders(valueAt(mail, ['imap']), (key, message) => { report([...at, 'imap', key], message); });
    checkMailbox(valueAt(mail, ['imap']), `deposit ${String(valueAt(value, ['id']))} of ${authority}`, watched, (message) => { report([...at, 'imap', 'folder'], message); });
    for (const { path: place, value: route } of select(mail, 'routes.*')) {
      if (valueAt(route, ['function']) !== undefined && valueAt(route, ['organisationOf']) === undefined) report([...at, ...place, 'function'], 'found a function of nobody, expected organisationOf beside it: agent or sender');
    }
  }
}

/** What is put away must not be found again. */
function checkFolders(imap: unknown, refuse: (key: string, message: string) => void): void {
  const folder = valueAt(imap, ['folder']) ?? 'INBOX';
  for (const key of ['processed', 'errors', 'ignored']) {
    const other = valueAt(imap, [key]);
    if (other !== undefined && other === folder) refuse(key, `found ${describeValue(other)}, where letters arrive, expected another folder`);
  }
}

/** Two that look into one mailbox would take each other's letters. */
function checkMailbox(imap: unknown, deposit: string, watched: Map<string, string>, refuse: (message: string) => void): void {
  const [host, login] = [valueAt(imap, ['host']), valueAt(imap, ['login'])];
  if (typeof host !== 'string' || typeof login !== 'string') return;
  const name = `imap:${JSON.stringify([host.toLowerCase(), login, valueAt(imap, ['folder']) ?? 'INBOX'])}`;
  const other = watched.get(name);
  if (other !== undefined) refuse(`found the mailbox into which ${other} looks, expected another one`);
  watched.set(name, deposit);
}
