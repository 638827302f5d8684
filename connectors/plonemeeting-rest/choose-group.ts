import { z } from 'zod';
import { Refused } from '../../src/connector-api/failures.js';
import { isNobody } from './read-user.js';
import type { Session } from './session.js';

const groupRow = z.object({ UID: z.string().min(1), id: z.string(), title: z.string().catch(''), full_id: z.string().nullish().catch(null) });
type GroupRow = z.infer<typeof groupRow>;
const creatorIn = z.object({ extra_include_groups: z.array(groupRow).catch([]) });

const SHOWN = 12;

/** UID of the group that a user proposes for, by its UID, its path or its id; asked among those in which the user is a creator, so that it also proves the
 * right to create. Throws Refused, naming what was found and what there is. */
export async function chooseGroup({ api, server }: Session, user: string | null, wanted: string): Promise<string> {
  const id = user ?? (await server()).user;
  const answered = await api.ask({ path: `/@users/${encodeURIComponent(id)}`, query: { extra_include: 'groups', extra_include_groups_suffixes: 'creators' } });
  if ('rejected' in answered) {
    if (isNobody(answered.rejected)) throw unknownUser(id);
    throw await api.failure(answered.rejected);
  }
  const groups = creatorIn.catch({ extra_include_groups: [] }).parse(answered.body).extra_include_groups;
  const found = groups.find(({ UID }) => UID === wanted) ?? groups.find(({ full_id: path }) => path !== '' && path === wanted) ?? onlyOne(groups, wanted);
  if (found !== undefined) return found.UID;
  throw new Refused(`Proposing group: found «${wanted}», expected one in which «${id}» is a creator in PloneMeeting: ${shown(groups)}. Put the user into its creators there, or map «proposingGroup».`);
}

export function unknownUser(id: string): Refused {
  return new Refused(`PloneMeeting knows no user «${id}». Create the user there, or name the right one in setting «users» of the connector, then retry.`);
}

/** Sub-organisations of different parents may have the same id. */
function onlyOne(groups: readonly GroupRow[], wanted: string): GroupRow | undefined {
  const [first, second] = groups.filter(({ id }) => id === wanted);
  if (second !== undefined) throw new Refused(`Proposing group: several groups are called «${wanted}» in PloneMeeting: ${shown(groups)}. Map «proposingGroup» to the UID or the path of one.`);
  return first;
}

function shown(groups: readonly GroupRow[]): string {
  if (groups.length === 0) return 'there is none';
  return `${groups.slice(0, SHOWN).map(({ id, full_id: path, title }) => `«${path ?? id}»${title === '' ? '' : ` (${title})`}`).join(', ')}${groups.length > SHOWN ? ' …' : ''}`;
}
