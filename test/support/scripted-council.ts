import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { CouncilConfig, CouncilDirectory, CouncilUser, Deliberation } from '../../src/connector-api/deliberation.js';
import { NotSent } from '../../src/connector-api/failures.js';
import type { CopyStore } from '../../src/facade/store.js';
import type { Upstream } from '../../src/facade/upstream.js';

/** A system that decides, of which a test says what it knows and whether it answers. */
export interface ScriptedCouncil {
  readonly upstream: Upstream;
  /** What it is made of. */
  directory: CouncilDirectory;
  readonly users: Map<string, CouncilUser>;
  /** `away`: nothing gets through. `silent`: nothing is answered. */
  standing: 'there' | 'away' | 'silent';
  /** What was asked, in order: `directory`, `user jean`. */
  readonly asked: string[];
}

export function scriptedCouncil(directory: CouncilDirectory): ScriptedCouncil {
  const council: ScriptedCouncil = {
    directory, users: new Map(), standing: 'there', asked: [],
    upstream: {
      settings: {},
      context: (signal) => ({ signal }) as ConnectorContext,
      deliberation: {
        directory: (_ids, _settings, context) => answer('directory', () => council.directory, context),
        user: (userId, _settings, context) => answer(`user ${userId}`, () => council.users.get(userId) ?? null, context),
      } as Pick<Deliberation<unknown>, 'directory' | 'user'> as Deliberation<unknown>,
    },
  };

  function answer<Answer>(question: string, give: () => Answer, { signal }: ConnectorContext): Promise<Answer> {
    council.asked.push(question);
    if (council.standing === 'away') return Promise.reject(new NotSent('nobody listens there'));
    if (council.standing === 'there') return Promise.resolve(give());
    return new Promise((_, reject) => { signal.addEventListener('abort', () => { reject(new NotSent('given up')); }); });
  }

  return council;
}

export function councilConfig(id: string, change: Partial<CouncilConfig> = {}): CouncilConfig {
  return { id, uid: `uid-${id}`, title: `Over there: ${id}`, description: '', categories: null, meetings: [], usedAttributes: null, ...change };
}

export function councilUser(id: string, memberships: CouncilUser['memberships'] = {}, change: Partial<CouncilUser> = {}): CouncilUser {
  return { id, fullname: `Madame ${id}`, email: `${id}@ville.example`, memberships, manages: [], observes: [], categories: {}, ...change };
}

/** Copies in memory; `broken`: no read and no write goes through. */
export function memoryCopies(): CopyStore & { broken: boolean; readonly kept: Map<string, { readonly value: unknown; readonly at: number }> } {
  const kept = new Map<string, { readonly value: unknown; readonly at: number }>();
  const keyOf = (...parts: readonly string[]): string => parts.join('/');
  const store = {
    kept, broken: false,
    read: (authority: string, connector: string, kind: string, key: string) => attempt(() => kept.get(keyOf(authority, connector, kind, key)) ?? null),
    write: (authority: string, connector: string, kind: string, key: string, value: unknown, at: number) => attempt(() => {
      kept.set(keyOf(authority, connector, kind, key), { value: JSON.parse(JSON.stringify(value)) as unknown, at });
    }),
    tidy: () => attempt(() => undefined),
  };

  function attempt<Result>(work: () => Result): Promise<Result> {
    return store.broken ? Promise.reject(new Error('the disk is full')) : Promise.resolve(work());
  }

  return store;
}
