import type { Authority, ConnectorSetting } from '../domain/authority.js';
import { readCertificate, type CertificateTerm } from '../platform/read-certificate.js';

/** The certificate that a connector shows the other side. */
export interface ShownCertificate extends CertificateTerm {
  readonly connector: string;
}

/** The client certificates of an authority's connectors: those of the settings that connectors over HTTP share (`tls.cert`). A
 * simulated other side makes its own, which nobody has to renew. */
export function shownCertificates({ connectors }: Pick<Authority, 'connectors'>): readonly ShownCertificate[] {
  return connectors.flatMap((connector) => {
    const term = connector.simulated === undefined ? termOf(connector) : null;
    return term === null ? [] : [{ connector: connector.id, ...term }];
  });
}

function termOf({ settings }: ConnectorSetting): CertificateTerm | null {
  const cert = memberOf(memberOf(settings, 'tls'), 'cert');
  return typeof cert === 'string' ? readCertificate(cert) : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
