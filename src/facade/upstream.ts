import type { ConnectorContext } from '../connector-api/connector.js';
import type { Deliberation } from '../connector-api/deliberation.js';

/** A system that decides, as an authority has it configured. */
export interface Upstream {
  readonly deliberation: Deliberation<unknown>;
  readonly settings: unknown;
  readonly context: (signal: AbortSignal) => ConnectorContext;
}

/** By the id of a configured connector; undefined: it cannot decide, or there is none. */
export type UpstreamOf = (connector: string) => Upstream | undefined;
