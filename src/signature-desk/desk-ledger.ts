import { DeskRefusal, type DeskFolder } from './desk-folder.js';
import { createDeskSigners, type DeskSigners } from './desk-signers.js';
import { readSavedDesk, saveDesk } from './saved-desk.js';

/** The folders of a desk, as they are remembered. */
export interface DeskLedger {
  readonly signers: DeskSigners;
  readonly find: (id: string) => DeskFolder | undefined;
  /** Throws DeskRefusal. */
  readonly required: (id: string) => DeskFolder;
  readonly list: () => readonly DeskFolder[];
  readonly archived: () => readonly DeskFolder[];
  readonly put: (folder: DeskFolder) => DeskFolder;
  /** `archive`: it goes there. */
  readonly remove: (id: string, archive?: boolean) => void;
  /** One change after the other, each saved before it counts as done. */
  readonly inTurn: <Result>(change: () => Result | Promise<Result>) => Promise<Result>;
  readonly settled: () => Promise<void>;
}

/** `place`: where it is remembered over restarts. */
export async function openDeskLedger(place: string | undefined): Promise<DeskLedger> {
  const saved = await readSavedDesk(place);
  const signers = createDeskSigners(saved.signers);
  const folders = new Map(saved.folders.map((folder) => [folder.id, folder]));
  const archived = [...saved.archived];
  let turn: Promise<unknown> = Promise.resolve();

  function required(id: string): DeskFolder {
    const found = folders.get(id);
    if (found === undefined) throw new DeskRefusal('unknown-folder', `Dossier ${id} introuvable.`);
    return found;
  }

  return {
    signers, required,
    find: (id) => folders.get(id),
    list: () => [...folders.values()],
    archived: () => archived,
    put(folder) {
      folders.set(folder.id, folder);
      return folder;
    },
    remove(id, archive = false) {
      const folder = required(id);
      folders.delete(id);
      if (archive) archived.push(folder);
    },
    inTurn(change) {
      const done = turn.then(async () => {
        const result = await change();
        await saveDesk(place, { folders: [...folders.values()], archived, signers: signers.made() });
        return result;
      });
      turn = done.catch(() => undefined);
      return done;
    },
    async settled() { await turn; },
  };
}
