import { factsOf } from '../config/connector-facts.js';
import { checkChoices } from '../config/check-choices.js';
import type { Problem } from '../config/problem.js';
import { problemAt } from '../config/sourced.js';
import { tryConnectors, type AskedConnector } from '../config/try-connectors.js';
import type { ConnectorLogger } from '../connector-api/connector.js';
import type { Authority } from '../domain/authority.js';
import { createOutboundHttp } from '../outbound/create-outbound-http.js';
import type { LoadedInstallation } from './load-installation.js';
import { callBackUrlOf } from './public-url.js';

/** How long a connector may take to say whether it can work, milliseconds. */
const CONNECTOR_CHECK_MS = 30_000;

const QUIET: ConnectorLogger = { warn: () => undefined, info: () => undefined, debug: () => undefined };

/** Asks the connectors of authorities whether they can work, and what they take. Nothing is handed over. */
export async function askConnectors(
  { configuration, connectors, hide }: LoadedInstallation, authorities: readonly Pick<Authority, 'id' | 'path' | 'connectors'>[], logger = QUIET,
): Promise<AskedConnector[]> {
  const outbound = createOutboundHttp();
  const pathOf = (id: string): string => authorities.find((authority) => authority.id === id)?.path ?? '';
  try {
    return await tryConnectors(authorities, connectors, {
      logger, hide, http: outbound.callFor(AbortSignal.timeout(CONNECTOR_CHECK_MS)),
      callBackUrl: (authority, connector) => callBackUrlOf(configuration, pathOf(authority), connector),
    }, CONNECTOR_CHECK_MS);
  } finally {
    outbound.close();
  }
}

/** Constants and rows of tables that other sides do not take, with their places. A mistake in what authorities share is told
 * once. */
export function misfitsOf({ configuration, connectors }: LoadedInstallation, asked: readonly AskedConnector[]): Problem[] {
  const types = new Map([...connectors].map(([id, connector]) => [id, factsOf(connector)]));
  const found = new Map<string, Problem>();
  for (const [id, { data, written }] of configuration.sources.authorities) {
    const choices = new Map(asked.filter(({ authority }) => authority === id).map((one) => [one.connector, one.choices]));
    checkChoices(data, types, choices, (path, message, spot) => {
      const problem = problemAt(written.place, path, message, spot);
      found.set(JSON.stringify(problem), problem);
    });
  }
  return [...found.values()];
}
