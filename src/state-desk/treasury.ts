import type { DeskFile } from '../signature-desk/desk-folder.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import type { StateDeskParts } from './state-desk.js';
import type { StateLedger } from './state-ledger.js';
import { StateRefusal } from './state-refusal.js';
import { flowAnswered, flowStepped } from './step-flow.js';
import type { FlowAnswer, NewFlow, TreasuryFlow } from './treasury-flow.js';
import { createReturns, type TreasuryReturns } from './treasury-returns.js';

/** The simulated treasury, with the checks of the platform before it. What it does not take it throws as StateRefusal. */
export interface Treasury extends TreasuryReturns {
  /** Keeps a flow. Refused, as `duplicate`, where the same bytes were ever given, by anybody. */
  take(flow: NewFlow): Promise<TreasuryFlow>;
  find(id: string): TreasuryFlow | undefined;
  /** In the order in which they came. */
  list(): readonly TreasuryFlow[];
  /** Where it stands; once that was told it goes one step on, as far as no answer is needed. */
  look(id: string): Promise<TreasuryFlow>;
  /** Posts what was deposited to wait. */
  post(id: string): Promise<TreasuryFlow>;
  /** Answers a flow, once it has gone through the checks; refused, as `not-now`, where it does not get through them. */
  answer(id: string, answer: FlowAnswer): Promise<TreasuryFlow>;
  /** It ends in error, with these words. */
  fail(id: string, reason: string): Promise<TreasuryFlow>;
  cancel(id: string): Promise<TreasuryFlow>;
  /** It stays where it is from now on, or no longer. */
  hold(id: string, isStuck: boolean): Promise<TreasuryFlow>;
  /** The acquit, once it can be read. */
  acquitOf(id: string): DeskFile | null;
}

export function createTreasury(parts: StateDeskParts, ledger: StateLedger, files: DeskFiles): Treasury {
  const { flows } = ledger;
  const change = flowChanges(parts, ledger, files);
  return {
    ...createReturns(parts, ledger, files),
    ...change,
    find: (id) => flows.get(id),
    list: () => [...flows.values()],
    take: (flow) => ledger.inTurn(() => {
      if ([...flows.values()].some(({ sha1 }) => sha1 === flow.sha1)) throw new StateRefusal('duplicate', 'Doublon : ce fichier a déjà été posté sur la plate-forme');
      const taken = newFlow(flow, ledger.nextId(), parts.clock.now());
      flows.set(taken.id, taken);
      parts.say?.(`PES ${taken.id}: ${taken.file.filename}`);
      return taken;
    }),
    acquitOf(id) {
      const flow = flows.get(id);
      return flow?.isAcquitReadable === true ? flow.acquit : null;
    },
  };
}

function newFlow({ authority, file, sha1, waits = false }: NewFlow, id: string, at: number): TreasuryFlow {
  return { id, authority, at, file, sha1, stage: waits ? 'waiting' : 'posted', reason: '', names: null, holdsNames: false, isStuck: false, acquit: null, isAcquitReadable: false };
}

/** What becomes of a flow later. */
function flowChanges({ say, answersItself = false }: StateDeskParts, { flows, inTurn }: StateLedger, files: DeskFiles): Pick<Treasury, 'look' | 'post' | 'answer' | 'fail' | 'cancel' | 'hold'> {
  const world = {
    files, answersItself,
    isTaken: ({ nomFic, codCol }: { readonly nomFic: string; readonly codCol: string }) => [...flows.values()].some((one) => one.holdsNames && one.names?.nomFic === nomFic && one.names.codCol === codCol),
  };

  function required(id: string): TreasuryFlow {
    const found = flows.get(id);
    if (found === undefined) throw new StateRefusal('unknown', `La transaction ${id} n'existe pas.`);
    return found;
  }

  const changed = (id: string, change: (flow: TreasuryFlow) => TreasuryFlow | Promise<TreasuryFlow>) => inTurn(async () => {
    const before = required(id);
    const after = await change(before);
    if (after.stage !== before.stage) say?.(`PES ${id}: ${after.stage}${after.reason === '' ? '' : `, ${after.reason}`}`);
    flows.set(id, after);
    return after;
  });

  return {
    async look(id) {
      const told = required(id);
      await changed(id, (flow) => flowStepped(flow, world));
      return told;
    },
    post: (id) => changed(id, (flow) => {
      if (flow.stage !== 'waiting') throw new StateRefusal('not-now', `La transaction ${id} n'attend pas d'être postée.`);
      return { ...flow, stage: 'posted' };
    }),
    async answer(id, answer) {
      const answered = await changed(id, (flow) => flowAnswered(flow, answer, world));
      if (answered.acquit === null) throw new StateRefusal('not-now', `La transaction ${id} n'attend pas de réponse : ${answered.reason === '' ? answered.stage : answered.reason}`);
      return answered;
    },
    fail: (id, reason) => changed(id, (flow) => ({ ...flow, stage: 'error', reason })),
    cancel: (id) => changed(id, (flow) => ({ ...flow, stage: 'cancelled' })),
    hold: (id, isStuck) => changed(id, (flow) => ({ ...flow, isStuck })),
  };
}
