import type { ConnectorContext } from '../connector-api/connector.js';
import type { Deliberation } from '../connector-api/deliberation.js';
import type { Logger } from '../platform/logger.js';
import type { Questions } from './questions.js';
import type { CopyStore } from './store.js';

/** A system that decides, as an authority has it configured. */
export interface Upstream {
  readonly deliberation: Deliberation<unknown>;
  readonly settings: unknown;
  readonly context: (signal: AbortSignal) => ConnectorContext;
}

/** By the id of a configured connector; undefined: it cannot decide, or there is none. */
export type UpstreamOf = (connector: string) => Upstream | undefined;

/** What it takes to know something of one system: to ask it, and to keep what it said. */
export interface KnowingParts {
  readonly authority: string;
  readonly connector: string;
  readonly upstream: () => Upstream | undefined;
  readonly copies: CopyStore;
  readonly questions: Questions;
  readonly logger: Logger;
  /** Something else is known than before. */
  readonly onChange: () => void;
}
