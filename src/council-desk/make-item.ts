import { urlId } from '../domain/url-id.js';
import type { User } from '../domain/user.js';
import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import { withAnnex } from './add-annex.js';
import { checkDraft, type CheckedDraft } from './check-draft.js';
import { CouncilRefusal } from './council-refusal.js';
import { RICH_FIELDS, type Creation, type CreationOrder, type CreationWarning, type DeskAnnex, type DeskItem } from './desk-item.js';
import { afterTransition } from './take-transition.js';
import { mayChange } from './town-rights.js';

export interface MakingParts {
  readonly town: SimulatedTown;
  readonly now: number;
  readonly newId: () => string;
  /** Whether something stands at a path. */
  readonly isTaken: (path: string) => boolean;
}

/** A new item with all that comes with it, in the order that the caller's protocol has; nothing is kept yet. Throws CouncilRefusal. */
export function makeItem(order: CreationOrder, user: User, parts: MakingParts): Creation {
  const checked = checkDraft(parts.town, order, user);
  const bare: Creation = { item: bareItem(checked, order, user, parts), annexes: [], warnings: checked.warnings };
  const steps = [(making: Creation) => annexed(making, order, checked, user, parts), (making: Creation) => moved(making, order, checked, user, parts)];
  const inOrder = order.annexesWhen === 'before-transitions' ? steps : steps.toReversed();
  return inOrder.reduce((making, step) => step(making), bare);
}

function bareItem({ draft, config }: CheckedDraft, { action = 'create_element_using_ws_rest', emptyText = '' }: CreationOrder, user: User, { now, newId, isTaken }: MakingParts): DeskItem {
  const { workflow: { initial } } = config;
  const { id, ...fields } = draft;
  const folder = `Members/${user.id}/mymeetings/${config.id}`;
  if (id !== undefined && isTaken(`${folder}/${id}`)) throw new CouncilRefusal('invalid-id', `The id "${id}" is invalid - it is already in use.`);
  return {
    ...EMPTY, ...Object.fromEntries(RICH_FIELDS.map((name) => [name, emptyText])), toDiscuss: config.toDiscussDefault, ...fields,
    uid: newId(), path: id === undefined ? freePath(`${folder}/${urlId(draft.title, 'item')}`, isTaken) : `${folder}/${id}`, creator: user.id, createdAt: now, modifiedAt: now, state: initial,
    history: [{ at: now, actor: user.id, action, comment: `${action}_comments`, fromState: null, toState: initial }],
  };
}

const EMPTY = {
  formerPaths: [], category: null, description: '', detailedDescription: '', motivation: '', decision: '', preferredMeeting: null, meeting: null, externalIdentifier: '',
  associatedGroups: [], groupsInCharge: [], optionalAdvisers: [], extra: {}, annexes: [],
} as const;

/** The first of a path and its numbered sisters at which nothing stands. */
export function freePath(path: string, isTaken: (path: string) => boolean): string {
  let free = path;
  for (let number = 1; isTaken(free); number += 1) free = `${path}-${number}`;
  return free;
}

function annexed(making: Creation, { annexes = [], unknownAnnexType }: CreationOrder, { config }: CheckedDraft, user: User, { town, now, newId }: MakingParts): Creation {
  let { item } = making;
  const added: (DeskAnnex | null)[] = [];
  const warnings: CreationWarning[] = [];
  const isAllowed = mayChange(town, item, user);
  for (const draft of annexes) {
    const next = withAnnex(item, draft, unknownAnnexType, { config, user, now, newId });
    added.push(isAllowed ? next.annex : null);
    if (!isAllowed) continue;
    item = next.item;
    warnings.push(...next.warnings);
  }
  return { item, annexes: added, warnings: [...making.warnings, ...warnings] };
}

function moved(making: Creation, { transitions = [] }: CreationOrder, { config }: CheckedDraft, user: User, { now }: MakingParts): Creation {
  let { item } = making;
  const warnings: CreationWarning[] = [];
  for (const id of transitions) {
    const next = afterTransition(config, item, id, { actor: user.id, at: now, comment: 'wf_transition_triggered_by_application' });
    if (next === undefined) warnings.push({ kind: 'transition', transition: id });
    else item = next;
  }
  return { ...making, item, warnings: [...making.warnings, ...warnings] };
}
