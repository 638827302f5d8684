import { RelaisError } from '../errors.js';
import type { ConfiguredAccount } from './build-authority.js';

/** The hash of the password `demo` in the demonstration that is published with the sources. */
const PUBLISHED_HASHES = ['$scrypt$ln=14,r=8,p=5$CGt0oMWfQvyH+PXwXphhEA$RSKVVfrHohDfNQmZ9sY7pUSIG6Jgxg5/MlOPGb7TnwY'];

/** Throws RELAIS_CONFIG_DEMO_EXPOSED when a server that other machines reach has accounts whose password everybody
 * knows: those marked `demo`, and those that kept the published hash without the mark. */
export function refuseExposedDemo(host: string, accounts: readonly ConfiguredAccount[]): void {
  if (isLoopback(host)) return;
  const exposed = accounts.filter(({ demo, passwordHash }) => demo || PUBLISHED_HASHES.includes(passwordHash ?? ''));
  if (exposed.length === 0) return;
  const names = exposed.map(({ userId }) => userId).join(', ');
  throw new RelaisError(
    'RELAIS_CONFIG_DEMO_EXPOSED',
    `server.host: found ${host}, which other machines reach, while the accounts ${names} have the demonstration password; expected passwords of `
    + 'your own (relais users hash) without `demo: true`, or host 127.0.0.1',
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
