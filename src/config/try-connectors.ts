import type { ConnectorContext } from '../connector-api/connector.js';
import type { Authority } from '../domain/authority.js';

/** What a connector offers to prove that its settings work. Connectors are that. */
export interface CheckableConnector {
  check(settings: unknown, context: ConnectorContext): Promise<void>;
}

/** What a connector may use to find out. */
export interface CheckSurroundings extends Pick<ConnectorContext, 'logger' | 'http'> {
  readonly callBackUrl: (authority: string, connector: string) => string;
}

export interface UnusableConnector {
  readonly authority: string;
  readonly connector: string;
  /** What to correct, in plain words. */
  readonly reason: string;
}

/** Asks every configured connector whether it can work as it is configured, and returns those that cannot. Nothing is
 * handed over. Each has `withinMs` to answer. */
export async function tryConnectors(
  authorities: readonly Pick<Authority, 'id' | 'connectors'>[], types: ReadonlyMap<string, CheckableConnector>, around: CheckSurroundings, withinMs: number,
): Promise<UnusableConnector[]> {
  const tried = authorities.flatMap((authority) => authority.connectors.map(async ({ id, type, settings }) => {
    const reason = await types.get(type)?.check(settings, checkContext(around, around.callBackUrl(authority.id, id), withinMs)).then(() => null, (error: unknown) => (error instanceof Error ? error.message : String(error)));
    return reason === null || reason === undefined ? [] : [{ authority: authority.id, connector: id, reason }];
  }));
  return (await Promise.all(tried)).flat();
}

function checkContext({ logger, http }: CheckSurroundings, callBackUrl: string, withinMs: number): ConnectorContext {
  return {
    logger, http, callBackUrl,
    clock: { now: () => Date.now() },
    signal: AbortSignal.timeout(withinMs),
    blobs: { read: () => { throw new TypeError('a check reads no annex'); }, keep: () => Promise.reject(new TypeError('a check brings nothing back')) },
    markSent: () => Promise.reject(new TypeError('a check sends nothing')),
  };
}
