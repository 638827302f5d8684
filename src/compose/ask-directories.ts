import type { AskedConnector } from '../config/try-connectors.js';
import type { Connector } from '../connector-api/connector.js';
import { lookingContext, type ContextParts } from '../delivery/connector-context.js';
import type { Authority } from '../domain/authority.js';
import { connectorConfigs } from '../facade/lay-over.js';

export interface DirectorySurroundings {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly parts: ContextParts;
  /** Takes secrets out of what other sides say. */
  readonly hide: (text: string) => string;
  readonly signal: AbortSignal;
}

/** What connectors that can work said, with what keeps those behind meeting configs from being that: what they are made of cannot be
 * read, or a meeting config is not over there. */
export async function askDirectories(asked: readonly AskedConnector[], authorities: readonly Pick<Authority, 'id' | 'connectors' | 'meetingConfigs'>[], around: DirectorySurroundings): Promise<AskedConnector[]> {
  return Promise.all(asked.map(async (one) => {
    const authority = authorities.find(({ id }) => id === one.authority);
    if (one.problem !== null || authority === undefined) return one;
    return { ...one, problem: await directoryProblem(authority, one.connector, around) };
  }));
}

async function directoryProblem(authority: Pick<Authority, 'id' | 'connectors' | 'meetingConfigs'>, connector: string, { connectors, parts, hide, signal }: DirectorySurroundings): Promise<string | null> {
  const wanted = connectorConfigs(authority, connector);
  const setting = authority.connectors.find(({ id }) => id === connector);
  const deliberation = connectors.get(setting?.type ?? '')?.deliberation;
  if (wanted.length === 0 || deliberation === undefined) return null;
  try {
    const { configs } = await deliberation.directory(wanted, setting?.settings, lookingContext({ authority: authority.id, connector }, parts, signal));
    const missing = wanted.filter((id) => !configs.some((config) => config.id === id));
    return missing.length === 0 ? null : `it has no meeting config ${missing.join(', ')}: correct the id, or let its account see it`;
  } catch (error) {
    return `what it is made of cannot be read: ${hide(error instanceof Error ? error.message : String(error))}`;
  }
}
