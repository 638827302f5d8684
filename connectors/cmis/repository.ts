import type { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, nothingSent, OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { repositoryList, type RepositoryInfo, type TypeDefinition } from './answers.js';
import type { CmisSettings } from './config.js';
import { cmisFailure, jsonOf } from './failure.js';

const LONGEST_ANSWER = 8 * 2 ** 20;

/** Where repositories and types are is asked again after so long. */
const REMEMBERED_MS = 600_000;

interface Known<Value> {
  readonly value: Value;
  readonly at: number;
}

interface Memory {
  repository: Known<RepositoryInfo> | null;
  readonly types: Map<string, Known<TypeDefinition>>;
}

const memories = new WeakMap<CmisSettings, Memory>();

/** What can be read of a repository, and where it is; all deliveries share what was looked up. */
export interface Repository {
  /** Its addresses, and how it is called in messages. */
  addresses(): Promise<RepositoryInfo>;
  readonly who: string;
  get(url: string): Promise<HttpAnswer>;
  /** A JSON answer to a question: without an answer, nothing was sent. */
  read<Value>(url: string, schema: z.ZodType<Value>): Promise<Value>;
  /** A type that is known for a while once it was read. */
  type(id: string, read: () => Promise<TypeDefinition>): Promise<TypeDefinition>;
}

export function openRepository(settings: CmisSettings, context: Pick<ConnectorContext, 'http' | 'clock'>): Repository {
  const who = new URL(settings.url).origin;
  const memory: Memory = memories.get(settings) ?? { repository: null, types: new Map() };
  memories.set(settings, memory);
  const isRecent = ({ at }: Known<unknown>): boolean => context.clock.now() - at < REMEMBERED_MS;

  function get(url: string): Promise<HttpAnswer> {
    return context.http({ method: 'GET', url, headers: headersOf(settings), ...reachOf(settings) });
  }

  async function read<Value>(url: string, schema: z.ZodType<Value>): Promise<Value> {
    try {
      const answer = await get(url);
      if (answer.status !== 200) throw (await cmisFailure(answer, who, context.clock.now())).failure;
      return await parsed(answer, schema, who);
    } catch (error) {
      throw nothingSent(error);
    }
  }

  return {
    who, get, read,
    async addresses() {
      if (memory.repository !== null && isRecent(memory.repository)) return memory.repository.value;
      const value = chosen(await read(settings.url, repositoryList), settings);
      memory.repository = { value, at: context.clock.now() };
      return value;
    },
    async type(id, readType) {
      const known = memory.types.get(id);
      if (known !== undefined && isRecent(known)) return known.value;
      const value = await readType();
      memory.types.set(id, { value, at: context.clock.now() });
      return value;
    },
  };
}

/** Everything is looked up anew from now on. */
export function forget(settings: CmisSettings): void {
  memories.delete(settings);
}

/** The repository of the settings, or the only one. Addresses are those that it names, on the host of the settings: a repository behind a
 * proxy may not know by which name it is called, and the password goes nowhere else. */
function chosen(list: Readonly<Record<string, RepositoryInfo>>, { repository, url }: CmisSettings): RepositoryInfo {
  const all = Object.values(list);
  const [first, second] = repository === undefined ? all : all.filter(({ repositoryId }) => repositoryId === repository);
  const names = all.map(({ repositoryId }) => `«${repositoryId}»`).join(', ');
  if (first === undefined) throw new Misconfigured(`There is no repository ${repository === undefined ? 'at all' : `«${repository}»`} there. There is: ${names === '' ? 'none' : names}.`);
  if (second !== undefined) throw new Misconfigured(`There are several repositories there (${names}): give the setting repository.`);
  const here = (address: string): string => {
    if (!URL.canParse(address, url)) throw new Misconfigured('The repository names an address that is none.');
    const { pathname } = new URL(address, url);
    return new URL(url).origin + pathname.replace(/\/+$/, '');
  };
  return { ...first, repositoryUrl: here(first.repositoryUrl), rootFolderUrl: here(first.rootFolderUrl) };
}

/** A JSON answer. Throws OutcomeUnknown for one that was cut, is another page (HTML), or lacks what is needed. */
export async function parsed<Value>(answer: HttpAnswer, schema: z.ZodType<Value>, who: string): Promise<Value> {
  const found = schema.safeParse(jsonOf(await answer.text(LONGEST_ANSWER)));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new OutcomeUnknown(`${who} answered with something that cannot be used${issue === undefined || issue.path.length === 0 ? ': no JSON of a CMIS repository' : `: «${issue.path.join('.')}»`}.`);
}

export function headersOf({ user, password }: CmisSettings): Record<string, string> {
  const accept = { accept: 'application/json' };
  return user === undefined || password === undefined ? accept : { ...accept, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
