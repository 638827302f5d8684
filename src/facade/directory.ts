import type { Timer } from '../delivery/timer.js';
import type { Authority } from '../domain/authority.js';
import { RelaisError, shown } from '../errors.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { backedConfigs, connectorsBehind } from './backed-configs.js';
import { createConnectorDirectory, type ConnectorDirectory, type DirectoryStatus } from './connector-directory.js';
import { createKnownUsers, type KnownUsers, type UserStanding } from './known-users.js';
import { connectorConfigs, layOver } from './lay-over.js';
import { createQuestions } from './questions.js';
import { NOTHING_SEEN } from './seen-directory.js';
import type { CopyStore } from './store.js';
import type { UpstreamOf } from './upstream.js';

export type { DirectoryStatus } from './connector-directory.js';

/** An authority as it is declared, with what the systems behind its meeting configs say of themselves and of people. */
export interface Directory {
  /** The authority as it is known now; the same object until something changes. */
  current(): Authority;
  /** The same, once these users are known, too: asked where they are not, or not of late. Throws RELAIS_UPSTREAM_AWAY for one whom nobody
   * declared and nobody knows, where a system cannot be asked. One whom they do not know is absent. */
  authorityFor(userIds: readonly string[]): Promise<Authority>;
  /** Asks what the systems are made of now. Never rejects. */
  refresh(): Promise<void>;
  /** Reads what was kept, and asks from now on; resolves when there is something to go by, soon in any case. */
  start(): Promise<void>;
  stop(): void;
  /** One for each system. */
  status(): readonly DirectoryStatus[];
}

export interface DirectoryParts {
  readonly declared: Authority;
  readonly upstreamOf: UpstreamOf;
  readonly copies: CopyStore;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly random?: () => number;
}

/** A start waits so long for a system of which nothing is kept, milliseconds: then it serves what is declared. */
const FIRST_WAIT_MS = 5_000;

/** What is kept of people who were not needed for so long is dropped, milliseconds, and the oldest beyond so many. */
const KEPT_USERS = { forMs: 180 * 24 * 3_600_000, atMost: 50_000 };

interface Behind {
  readonly connector: string;
  readonly directory: ConnectorDirectory;
  readonly users: KnownUsers;
  /** How long a call waits for it, milliseconds. */
  readonly waitMs: number;
  readonly stop: () => void;
}

/** Without a meeting config that has a system behind it, the authority is what is declared, and nothing is asked. */
export function createDirectory(parts: DirectoryParts): Directory {
  const { declared, copies, clock, timer, logger } = parts;
  let laidOver: Authority | undefined = declared;
  const behind = connectorsBehind(declared).map((connector) => createBehind(connector, parts, () => { laidOver = undefined; }));

  function current(): Authority {
    laidOver ??= behind.reduce((authority, { connector, directory, users }) => layOver(authority, connector, directory.seen() ?? NOTHING_SEEN, users.all()), declared);
    return laidOver;
  }

  async function know(userIds: readonly string[]): Promise<Authority> {
    await Promise.all([...new Set(userIds)].map(async (userId) => {
      const standings = await Promise.all(behind.map(({ users, waitMs }) => users.ensure(userId, waitMs)));
      if (!declared.users.has(userId)) requireKnown(userId, standings);
    }));
    return current();
  }

  async function tidy(): Promise<void> {
    const limits = { before: clock.now() - KEPT_USERS.forMs, atMost: KEPT_USERS.atMost };
    for (const { connector } of behind) await copies.tidy(declared.id, connector, 'user', limits);
  }

  return {
    current,
    authorityFor: (userIds) => (behind.length === 0 ? Promise.resolve(declared) : know(userIds)),
    async refresh() {
      await Promise.all(behind.map(({ directory }) => directory.refresh()));
    },
    async start() {
      await Promise.all(behind.map(async ({ directory }) => {
        await directory.load();
        const asked = directory.start();
        if (directory.seen() === null) await within(asked, FIRST_WAIT_MS, timer);
      }));
      await tidy().catch((error: unknown) => { logger.warn('Old copies of people could not be dropped', { error }); });
    },
    stop() {
      for (const { stop } of behind) stop();
    },
    status: () => behind.map(({ directory }) => directory.status()),
  };
}

function createBehind(connector: string, parts: DirectoryParts, onChange: () => void): Behind {
  const { declared, upstreamOf, copies, clock, timer, random = Math.random } = parts;
  const logger = parts.logger.child({ connector });
  const questions = createQuestions({ clock, timer, logger });
  const common = { authority: declared.id, connector, upstream: () => upstreamOf(connector), copies, questions, clock, timer, logger, random, onChange };
  const directory = createConnectorDirectory({ ...common, configIds: connectorConfigs(declared, connector) });
  return {
    connector, directory,
    users: createKnownUsers(common),
    waitMs: Math.min(...backedConfigs(declared).filter(({ backend }) => backend.connector === connector).map(({ backend }) => backend.readTimeoutMs)),
    stop() {
      directory.stop();
      questions.stop();
    },
  };
}

function requireKnown(userId: string, standings: readonly UserStanding[]): void {
  if (standings.includes('known') || !standings.includes('away')) return;
  throw new RelaisError('RELAIS_UPSTREAM_AWAY', `Who ${shown(userId)} is cannot be asked at the moment, because the system that decides does not answer; try again later.`);
}

async function within(work: Promise<void>, ms: number, timer: Timer): Promise<void> {
  let cancel = (): void => undefined;
  await Promise.race([work, new Promise<void>((resolve) => { cancel = timer.after(ms, resolve); })]);
  cancel();
}
