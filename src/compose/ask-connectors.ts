import { factsOf } from '../config/connector-facts.js';
import { checkChoices } from '../config/check-choices.js';
import type { Problem } from '../config/problem.js';
import { problemAt } from '../config/sourced.js';
import { tryConnectors, type AskedConnector } from '../config/try-connectors.js';
import type { ContextParts } from '../delivery/connector-context.js';
import type { Authority } from '../domain/authority.js';
import { createOutboundHttp } from '../outbound/create-outbound-http.js';
import { systemClock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { askDirectories } from './ask-directories.js';
import type { LoadedInstallation } from './load-installation.js';
import { callBackUrlOf } from './public-url.js';

/** How long a connector may take to say whether it can work, milliseconds. */
const CONNECTOR_CHECK_MS = 30_000;

const QUIET: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined, child: () => QUIET };

/** Asks the connectors of authorities whether they can work, and what they take. Nothing is handed over. */
export async function askConnectors(
  { configuration, connectors, hide }: LoadedInstallation, authorities: readonly Authority[], logger: Logger = QUIET,
): Promise<AskedConnector[]> {
  const outbound = createOutboundHttp();
  const pathOf = (id: string): string => authorities.find((authority) => authority.id === id)?.path ?? '';
  const callBackUrl = (authority: string, connector: string): string => callBackUrlOf(configuration, pathOf(authority), connector);
  const signal = AbortSignal.timeout(CONNECTOR_CHECK_MS);
  try {
    const asked = await tryConnectors(authorities, connectors, { logger, hide, http: outbound.callFor(signal), callBackUrl }, CONNECTOR_CHECK_MS);
    const parts: ContextParts = {
      authority: (id) => authorities.find((authority) => authority.id === id),
      blobs: () => { throw new TypeError('a check keeps nothing'); },
      http: (within) => outbound.callFor(within), callBackUrl, clock: systemClock, logger,
    };
    return await askDirectories(asked, authorities, { connectors, parts, hide, signal });
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
