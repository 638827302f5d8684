import { Misconfigured, OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';

/** What it means to be sent to a page for people (contracts/s2low.md §1, §2). Lets the answer go. */
export function redirectFailure({ headers, body }: HttpAnswer, who: string): Misconfigured | OutcomeUnknown {
  body.destroy();
  const target = headers['location'] ?? '';
  if (/error=multiple_accounts/.test(target)) return new Misconfigured(`${who}: the client certificate has several accounts. Give login and password of the one to use.`);
  if (isLogin(target)) return new Misconfigured(`${who} does not let the account in: it asks for a login. Check the certificate, the login and the password.`);
  return new OutcomeUnknown(`${who} answered with its page for people in place of what was asked for.`);
}

export function isLogin(target: string): boolean {
  return /\/(?:login\.php|connexion-status)(?:[?#]|$)/.test(target);
}

/** True where a file is elsewhere; false for the pages that stand for an error. */
export function leadsToFile(target: string): boolean {
  return target !== '' && !isLogin(target) && !/\/(?:index\.php)?(?:[?#]|$)/.test(target);
}
