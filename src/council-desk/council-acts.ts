import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import type { User } from '../domain/user.js';
import { withAnnex } from './add-annex.js';
import type { CouncilLedger } from './council-ledger.js';
import type { CouncilReading } from './council-reading.js';
import { CouncilRefusal } from './council-refusal.js';
import type { AnnexDraft, Creation, CreationOrder, DeskAnnex, DeskItem, DeskValue, RichField } from './desk-item.js';
import { freePath, makeItem } from './make-item.js';
import { afterTransition, type Step } from './take-transition.js';
import { configOf, mayChange, maySee, transitionsFor } from './town-rights.js';

/** Fields that are changed afterwards. */
export type ItemChange = Readonly<Partial<Record<RichField | 'title' | 'externalIdentifier', string>>> & { readonly extra?: Readonly<Record<string, DeskValue>> };

/** What programs do over there, each as a user. All throw CouncilRefusal: `unknown-item`, `forbidden`, and what is said of each. */
export interface CouncilActs {
  /** Makes an item with its annexes and transitions, all or nothing: unknown-config, not-understood, unused-attribute, invalid, no-member-area,
   * annex-type. An annex that the user may not add is left out, and the rest stays. */
  createItem(order: CreationOrder, user: User): Promise<Creation>;
  /** `annex-type` where the type is not there. */
  addAnnex(itemUid: string, draft: AnnexDraft, user: User): Promise<DeskAnnex>;
  /** `not-now` where the workflow does not offer it to the user. */
  transition(itemUid: string, transition: string, user: User, comment?: string): Promise<DeskItem>;
  edit(itemUid: string, change: ItemChange, user: User): Promise<DeskItem>;
  remove(itemUid: string, user: User): Promise<void>;
  /** Gives it another path; whoever asks at a former one is told. */
  move(itemUid: string, path: string): Promise<DeskItem>;
}

export interface CouncilActsParts {
  readonly clock: { now(): number };
  readonly newId: () => string;
  readonly ledger: CouncilLedger;
  readonly reading: CouncilReading;
  readonly town: () => SimulatedTown;
  readonly say?: (line: string) => void;
}

/** Over the items of the ledger, in the town as it stands at each act. */
export function createCouncilActs(parts: CouncilActsParts): CouncilActs {
  const { clock, ledger, newId, reading, town, say } = parts;
  const { inTurn, put } = ledger;

  function changeable(uid: string, user: User): DeskItem {
    const item = requireItem(ledger, uid);
    if (!mayChange(town(), item, user)) throw new CouncilRefusal('forbidden', `You are not allowed to change the element "${uid}".`);
    return item;
  }

  return {
    createItem: (order, user) => inTurn(() => {
      const made = makeItem(order, user, { town: town(), now: clock.now(), newId, isTaken: (path) => reading.at(path) !== undefined });
      put(made.item);
      say?.(`item ${made.item.uid} «${made.item.title}» ${made.item.externalIdentifier}: ${made.item.state}, ${made.item.annexes.length} annexes`);
      return made;
    }),
    addAnnex: (itemUid, draft, user) => inTurn(() => {
      const { item, annex } = addedAnnex(changeable(itemUid, user), draft, user, parts);
      put(item);
      return annex;
    }),
    transition: (itemUid, id, user, comment) => inTurn(() => {
      const item = transitioned(requireVisible(town(), ledger, itemUid, user), id, user, { actor: user.id, at: clock.now(), ...comment !== undefined && { comment } }, town());
      put(item);
      return item;
    }),
    edit: (itemUid, { extra, ...texts }, user) => inTurn(() => {
      const before = changeable(itemUid, user);
      const item = { ...before, ...texts, extra: { ...before.extra, ...extra }, modifiedAt: clock.now() };
      put(item);
      return item;
    }),
    remove: (itemUid, user) => inTurn(() => { ledger.drop(changeable(itemUid, user).uid); }),
    move: (itemUid, path) => inTurn(() => {
      const before = requireItem(ledger, itemUid);
      const item = { ...before, path: freePath(path, (one) => reading.at(one) !== undefined), formerPaths: [...before.formerPaths, before.path] };
      put(item);
      return item;
    }),
  };
}

/** Whoever may see it. Throws CouncilRefusal. */
export function requireItem({ items }: CouncilLedger, uid: string): DeskItem {
  const item = items.get(uid);
  if (item === undefined) throw new CouncilRefusal('unknown-item', `No element with UID "${uid}".`);
  return item;
}

/** Throws CouncilRefusal. */
export function addedAnnex(item: DeskItem, draft: AnnexDraft, user: User, { clock, newId, town }: Pick<CouncilActsParts, 'clock' | 'newId' | 'town'>): { readonly item: DeskItem; readonly annex: DeskAnnex } {
  const config = configOf(town(), item);
  if (config === undefined) throw new CouncilRefusal('unknown-config', `The config "${item.configId}" is not there any more.`);
  return withAnnex(item, draft, 'refused', { config, user, now: clock.now(), newId });
}

function requireVisible(town: SimulatedTown, ledger: CouncilLedger, uid: string, user: User): DeskItem {
  const item = requireItem(ledger, uid);
  if (!maySee(town, item, user)) throw new CouncilRefusal('forbidden', `You are not allowed to access the element "${uid}".`);
  return item;
}

function transitioned(item: DeskItem, id: string, user: User, step: Step, town: SimulatedTown): DeskItem {
  const config = configOf(town, item);
  const next = config !== undefined && transitionsFor(town, item, user).some((transition) => transition.id === id) ? afterTransition(config, item, id, step) : undefined;
  if (next === undefined) throw new CouncilRefusal('not-now', `Transition "${id}" is not available for item "${item.uid}" in state "${item.state}".`);
  return next;
}
