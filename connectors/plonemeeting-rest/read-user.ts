import { z } from 'zod';
import type { CouncilUser } from '../../src/connector-api/deliberation.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { errorWords } from './answers.js';
import type { Rejection } from './api.js';
import { choice } from './elements.js';
import type { Session } from './session.js';

const userElement = z.object({
  id: z.string().min(1), fullname: z.string().nullish(), email: z.string().nullish(), roles: z.array(z.string()).catch([]),
  extra_include_app_groups: z.array(choice).catch([]),
  extra_include_categories: z.record(z.string(), z.array(z.looseObject({ id: z.string() }))).catch({}),
});

const MANAGERS = '_meetingmanagers';
const OBSERVERS = ['_powerobservers', '_restrictedpowerobservers'];

/** A person, under the id by which Relais knows it; null: nobody has that id there. */
export async function readUser({ api, actingUser, server }: Session, userId: string): Promise<CouncilUser | null> {
  const named = await actingUser(userId);
  const id = named ?? (await server()).user;
  const answered = await api.ask({ path: `/@users/${encodeURIComponent(id)}`, query: { extra_include: ['app_groups', 'categories'] } });
  if ('rejected' in answered) {
    if (isNobody(answered.rejected)) return null;
    throw await api.failure(answered.rejected);
  }
  const read = userElement.safeParse(answered.body);
  if (!read.success) throw new OutcomeUnknown(`${api.who} answered something else than a user.`);
  const { fullname, email, roles, extra_include_app_groups: groups, extra_include_categories: categories } = read.data;
  const tokens = groups.map(({ token }) => token);
  return {
    id: userId, fullname: fullname ?? '', email: email ?? '', memberships: membershipsOf(tokens),
    manages: configsWith(tokens, [MANAGERS]), observes: configsWith(tokens, OBSERVERS), ...((named === null || roles.includes('Manager')) && { isManager: true }),
    categories: Object.fromEntries(Object.entries(categories).map(([config, listed]) => [config, listed.map((category) => category.id)])),
  };
}

/** A 404 about a user has no words at all (contracts/plonemeeting-rest.md §1.2); one that speaks is about the endpoint. */
export function isNobody({ status, text }: Pick<Rejection, 'status' | 'text'>): boolean {
  const { isJson, message } = errorWords(text);
  return status === 404 && isJson && message === '';
}

/** Groups of Plone are called `<uid of the organisation>_<suffix>`. */
function membershipsOf(tokens: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const token of tokens) {
    const [, uid, suffix] = /^([0-9a-f]{32})_(.+)$/.exec(token) ?? [];
    if (uid !== undefined && suffix !== undefined) (found[uid] ??= []).push(suffix);
  }
  return found;
}

function configsWith(tokens: readonly string[], suffixes: readonly string[]): readonly string[] {
  return [...new Set(tokens.flatMap((token) => suffixes.filter((suffix) => token.endsWith(suffix)).map((suffix) => token.slice(0, -suffix.length))))];
}
