import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { CouncilDesk } from '../../src/council-desk/council-desk.js';
import type { User } from '../../src/domain/user.js';

/** What may go wrong over there, one by one. `null-user`: wrong credentials are taken for nobody, and `@infos` answers them with 200.
 * `no-external-index`: the site lacks the index of external identifiers. `html`: a page in place of every answer.
 * `gateway-timeout`: what creates an item does it, and the answer is that of a proxy. */
export const QUIRKS = ['null-user', 'no-external-index', 'html', 'gateway-timeout'] as const;
export type Quirk = (typeof QUIRKS)[number];

/** Versions of plonemeeting.restapi that differ in what shows (contracts/plonemeeting-rest.md §7). */
export const VERSIONS = ['2.11', '2.12', '2.13', '2.14'] as const;
export type RestVersion = (typeof VERSIONS)[number];

export interface Platform {
  readonly desk: CouncilDesk;
  readonly has: (quirk: Quirk) => boolean;
  /** It has what came with that version. */
  readonly since: (version: RestVersion) => boolean;
  readonly version: () => RestVersion;
}

/** A call that was let in. */
export interface Call extends Platform {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  /** Without a slash at the end. */
  readonly base: string;
  /** Who authenticated. */
  readonly caller: User;
}

/** A call and in whose name it looks at things. */
export interface Look extends Call {
  readonly user: User;
}

export type Answering = (call: Call, names: readonly string[]) => HttpReply | Promise<HttpReply>;
