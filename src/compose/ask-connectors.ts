import { tryConnectors, type UnusableConnector } from '../config/try-connectors.js';
import type { ConnectorLogger } from '../connector-api/connector.js';
import type { Authority } from '../domain/authority.js';
import { createOutboundHttp } from '../outbound/create-outbound-http.js';
import type { LoadedInstallation } from './load-installation.js';
import { callBackUrlOf } from './public-url.js';

/** How long a connector may take to say whether it can work, milliseconds. */
const CONNECTOR_CHECK_MS = 30_000;

const QUIET: ConnectorLogger = { warn: () => undefined, info: () => undefined, debug: () => undefined };

/** Asks the connectors of authorities whether they can work, and returns those that cannot. Nothing is handed over. */
export async function askConnectors(
  { configuration, connectors }: LoadedInstallation, authorities: readonly Pick<Authority, 'id' | 'path' | 'connectors'>[], logger = QUIET,
): Promise<UnusableConnector[]> {
  const outbound = createOutboundHttp();
  const pathOf = (id: string): string => authorities.find((authority) => authority.id === id)?.path ?? '';
  try {
    return await tryConnectors(authorities, connectors, {
      logger, http: outbound.callFor(AbortSignal.timeout(CONNECTOR_CHECK_MS)),
      callBackUrl: (authority, connector) => callBackUrlOf(configuration, pathOf(authority), connector),
    }, CONNECTOR_CHECK_MS);
  } finally {
    outbound.close();
  }
}
