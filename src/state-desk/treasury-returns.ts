import { Readable } from 'node:stream';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import { makeReturn } from './make-return.js';
import type { StateDeskParts } from './state-desk.js';
import type { StateLedger } from './state-ledger.js';
import { StateRefusal } from './state-refusal.js';
import type { TreasuryReturn } from './treasury-flow.js';

/** What the treasury has for authorities unasked: files of the kind PES_Retour. */
export interface TreasuryReturns {
  /** A PES_Retour waits for an authority from now on; of the simulator's own making without `content`. */
  giveBack(authority: string, content?: { readonly filename: string; readonly bytes: Buffer }): Promise<TreasuryReturn>;
  /** Those that wait unread. */
  returns(authority: string): readonly TreasuryReturn[];
  findReturn(id: string): TreasuryReturn | undefined;
  /** Throws StateRefusal. */
  markRead(id: string): Promise<TreasuryReturn>;
}

export function createReturns({ clock, say }: StateDeskParts, ledger: StateLedger, files: DeskFiles): TreasuryReturns {
  return {
    giveBack: (authority, content) => ledger.inTurn(async () => {
      const id = ledger.nextId();
      const { filename, bytes } = content ?? makeReturn(id, clock.now());
      const given = { id, authority, at: clock.now(), isRead: false, file: { filename, mediaType: 'application/xml', ...await files.keep(Readable.from([bytes])) } };
      ledger.returns.set(id, given);
      say?.(`PES_Retour ${id}: ${filename}`);
      return given;
    }),
    returns: (authority) => [...ledger.returns.values()].filter((one) => one.authority === authority && !one.isRead),
    findReturn: (id) => ledger.returns.get(id),
    markRead: (id) => ledger.inTurn(() => {
      const found = ledger.returns.get(id);
      if (found === undefined) throw new StateRefusal('unknown', `Le PES_Retour ${id} n'existe pas.`);
      const read = { ...found, isRead: true };
      ledger.returns.set(id, read);
      return read;
    }),
  };
}
