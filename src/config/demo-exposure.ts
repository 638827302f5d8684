import { RelaisError } from '../errors.js';
import type { AuthorityConfiguration } from './build-authority.js';

/** The hash of the password `demo` in the demonstration that is published with the sources. */
const PUBLISHED_HASHES = ['$scrypt$ln=14,r=8,p=5$CGt0oMWfQvyH+PXwXphhEA$RSKVVfrHohDfNQmZ9sY7pUSIG6Jgxg5/MlOPGb7TnwY'];

/** Throws RELAIS_CONFIG_DEMO_EXPOSED when a server that other machines reach has accounts whose password everybody
 * knows (those marked `demo`, and those that kept the published hash without the mark), or connectors whose other side is
 * simulated: who sends something there believes that it left. */
export function refuseExposedDemo(host: string, authorities: readonly Pick<AuthorityConfiguration, 'authority' | 'accounts'>[]): void {
  if (isLoopback(host)) return;
  const exposed = authorities.flatMap(({ accounts }) => accounts).filter(({ demo, passwordHash }) => demo || PUBLISHED_HASHES.includes(passwordHash ?? ''));
  const simulated = authorities.flatMap(({ authority }) => authority.connectors).filter((connector) => connector.simulated !== undefined);
  const found = [
    ...exposed.length === 0 ? [] : [`the accounts ${exposed.map(({ userId }) => userId).join(', ')} have the demonstration password`],
    ...simulated.length === 0 ? [] : [`the other side of the connectors ${simulated.map(({ id }) => id).join(', ')} is simulated`],
  ];
  const expected = [
    ...exposed.length === 0 ? [] : ['passwords of your own (relais users hash) without `demo: true`'],
    ...simulated.length === 0 ? [] : ['connectors without `simulated:`'],
  ];
  if (found.length === 0) return;
  throw new RelaisError(
    'RELAIS_CONFIG_DEMO_EXPOSED',
    `server.host: found ${host}, which other machines reach, while ${found.join(' and ')}; expected ${expected.join(' and ')}, or host 127.0.0.1`,
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
