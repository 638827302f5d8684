import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { createApi, type Api } from './api.js';
import { decodeText, isPage, readApiAnswer } from './answer-text.js';
import type { S2lowSettings } from './config.js';

/** Certificate, account and login. Throws Misconfigured; changes nothing over there. */
export async function checkAccount(settings: S2lowSettings, context: ConnectorContext): Promise<void> {
  try {
    const api = createApi(settings, context);
    const logins = await loginsOf(api);
    if (logins !== null) requireLogin(settings, logins);
    await api.requireAccess();
  } catch (error) {
    throw checkFailed(error, 'S2LOW could not be tried.');
  }
}

/** The logins of the accounts that have the certificate; an account without one is an empty text. Null where the platform does not tell. */
async function loginsOf(api: Api): Promise<readonly string[] | null> {
  const bytes = await api.read('/admin/users/api-list-login.php').catch((error: unknown) => {
    if (error instanceof Misconfigured) return null;
    throw error;
  });
  if (bytes === null || isPage(bytes) || readApiAnswer(bytes) !== null) return null;
  const text = decodeText(bytes);
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/).map((login) => login.trim());
}

/** contracts/s2low.md §1. */
function requireLogin({ login }: S2lowSettings, logins: readonly string[]): void {
  if (logins.length === 0) throw new Misconfigured('S2LOW knows no account with the client certificate (tls.cert): have the certificate added to the account of Relais over there.');
  const named = logins.filter((one) => one !== '');
  if (login === undefined && logins.length > 1) {
    throw new Misconfigured(`The client certificate has ${logins.length} accounts over there (${named.map((one) => `«${one}»`).join(', ')}): give login and password of the one to use.`);
  }
  if (login !== undefined && logins.length > 1 && !named.includes(login)) {
    throw new Misconfigured(`None of the ${logins.length} accounts that have the client certificate has the login «${login}», but ${named.map((one) => `«${one}»`).join(', ')}.`);
  }
}
