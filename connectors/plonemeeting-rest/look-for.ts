import type { Item } from '../../src/domain/item.js';
import { itemElement, type ItemElement } from './elements.js';
import { isUnknownUser } from './fetch-item.js';
import { momentOf } from './moments.js';
import { isMarkedId, type OwnMark } from './own-mark.js';
import { searchRows } from './pages.js';
import { inNameOf, type Query } from './query.js';
import { isSince, TELLS_LINKED, type Session } from './session.js';

/** Clocks differ. */
const SKEW_MS = 15 * 60_000;

/** So many items of one identifier are looked at. */
const MOST_ALIKE = 200;

export interface Wanted {
  readonly item: Pick<Item, 'configId' | 'createdAt'>;
  readonly mark: OwnMark;
  /** What PloneMeeting calls the user in whose name it was created; null: the account itself. */
  readonly user: string | null;
}

/** The item of a submission. `doubtful`: one with its identifier is there, and nothing tells whose it is. */
export type Looked = { readonly found: ItemElement } | 'absent' | 'doubtful';

/** Looks for an item of ours as its creator, who sees it from its first state on, and as the account, which sees it later. */
export async function lookFor(session: Session, wanted: Wanted): Promise<Looked> {
  const doubts: ItemElement[] = [];
  for (const user of new Set([wanted.user, null])) {
    const seen = await seenBy(session, user, wanted);
    const own = seen.find((element) => isOurs(element, wanted.mark));
    if (own !== undefined) return { found: own };
    doubts.push(...seen.filter((element) => mayBeOurs(element, wanted)));
  }
  return doubts.length > 0 || await isHidden(session, wanted) ? 'doubtful' : 'absent';
}

/** True for an item with our mark. */
export function isOurs({ id, externalIdentifier }: Pick<ItemElement, 'id' | 'externalIdentifier'>, mark: OwnMark): boolean {
  return id === mark.id || (mark.isOwn && externalIdentifier === mark.externalIdentifier);
}

/** With the identifier of the item, no mark of another of ours, and not older than ours: it may be ours, changed by somebody in its first state, whereby
 * PloneMeeting gives it another short id. */
function mayBeOurs({ id, externalIdentifier, created }: ItemElement, { item, mark }: Wanted): boolean {
  const at = momentOf(created, 'UTC');
  return externalIdentifier === mark.externalIdentifier && !isMarkedId(id) && (at === null || at >= item.createdAt - SKEW_MS);
}

async function seenBy(session: Session, user: string | null, { item, mark }: Wanted): Promise<readonly ItemElement[]> {
  const scope: Query = { config_id: item.configId, type: 'item', metadata_fields: 'externalIdentifier', sort_on: 'created', ...inNameOf(user) };
  const alike: ItemElement[] = [];
  for (const by of [{ id: mark.id }, { externalIdentifier: mark.externalIdentifier }]) {
    for (const element of await firstRows(session, { ...scope, ...by })) {
      alike.push(element);
      // An index that the site lacks is passed over, and all items of the config are answered.
      if (element.id !== mark.id && element.externalIdentifier !== mark.externalIdentifier) break;
    }
  }
  return alike;
}

async function firstRows({ api }: Session, query: Query): Promise<readonly ItemElement[]> {
  const rows: ItemElement[] = [];
  for await (const row of searchRows(api, itemElement, query, { pageSize: MOST_ALIKE, isNone: isUnknownUser })) {
    rows.push(row);
    if (rows.length >= MOST_ALIKE) break;
  }
  return rows;
}

/** There, and to be seen neither by its creator nor by the account. Before 2.13 nobody tells. */
async function isHidden({ api, server }: Session, { item, mark }: Wanted): Promise<boolean> {
  if (!isSince(await server(), TELLS_LINKED)) return false;
  const answered = await api.ask({ path: '/@get', query: { externalIdentifier: mark.externalIdentifier, config_id: item.configId } });
  return 'rejected' in answered && answered.rejected.status === 403;
}
