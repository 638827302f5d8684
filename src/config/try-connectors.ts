import type { Connector, ConnectorContext } from '../connector-api/connector.js';
import type { Authority, ConnectorSetting } from '../domain/authority.js';

/** What a connector offers to prove that its settings work, and to tell what it takes. Connectors are that. */
export type CheckableConnector = Pick<Connector, 'check' | 'choices'>;

/** What a connector may use to find out. */
export interface CheckSurroundings extends Pick<ConnectorContext, 'logger' | 'http'> {
  readonly callBackUrl: (authority: string, connector: string) => string;
  /** Takes secrets out of what connectors and other sides say. */
  readonly hide: (text: string) => string;
}

/** Values that fields take on the other side now, by field. */
export type Choices = Readonly<Record<string, readonly string[]>>;

export interface AskedConnector {
  readonly authority: string;
  readonly connector: string;
  /** What to correct, in plain words; null: it can work. */
  readonly problem: string | null;
  /** None where it cannot work, or where its fields take anything. */
  readonly choices: Choices;
}

/** Asks every configured connector whether it can work as it is configured, and what its fields take. Nothing is handed
 * over. Each has `withinMs` to answer. Those of an unknown type are left out. */
export async function tryConnectors(
  authorities: readonly Pick<Authority, 'id' | 'connectors'>[], types: ReadonlyMap<string, CheckableConnector>, around: CheckSurroundings, withinMs: number,
): Promise<AskedConnector[]> {
  const tried = authorities.flatMap((authority) => authority.connectors.flatMap((setting) => {
    const type = types.get(setting.type);
    return type === undefined ? [] : [tryConnector(setting, authority.id, type, around, withinMs)];
  }));
  return Promise.all(tried);
}

async function tryConnector({ id, settings }: ConnectorSetting, authority: string, type: CheckableConnector, around: CheckSurroundings, withinMs: number): Promise<AskedConnector> {
  const context = checkContext(around, around.callBackUrl(authority, id), withinMs);
  const asked = { authority, connector: id };
  try {
    await type.check(settings, context);
    return { ...asked, problem: null, choices: await type.choices?.(settings, context) ?? {} };
  } catch (error) {
    return { ...asked, problem: around.hide(error instanceof Error ? error.message : String(error)), choices: {} };
  }
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
