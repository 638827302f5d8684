import { Readable } from 'node:stream';
import { carryOut, STEP_ACTIONS } from './carry-out.js';
import { currentStep, recalled, started, statusOf, type HistoryOrder } from './circuit.js';
import { openDeskFiles, type DeskFiles } from './desk-files.js';
import { DeskRefusal, type DeskAction, type DeskFile, type DeskFolder, type NewFolder } from './desk-folder.js';
import { openDeskLedger, type DeskLedger } from './desk-ledger.js';
import { DEFAULT_DESK_TYPES, type DeskType } from './desk-types.js';
import { draftOf } from './new-folder.js';
import { makeSlip } from './slip.js';

export interface DeskParts {
  readonly clock: { now(): number };
  /** Makes ids for folders that come without one. */
  readonly newId: () => string;
  /** Keeps everything there over restarts; a temporary folder, removed by `close`, if not given. */
  readonly folder?: string;
  readonly types?: readonly DeskType[];
  /** Of the histories; that of version 5 if not given. */
  readonly order?: HistoryOrder;
  /** Told in one line of what happens to folders. */
  readonly say?: (line: string) => void;
}

/** A simulated signature book: folders, their circuits, and the people who sign. Both protocols stand over it. What it does
 * not do it throws as DeskRefusal; changes to one desk happen one after the other. */
export interface Desk {
  readonly files: DeskFiles;
  types(): readonly DeskType[];
  /** As an administrator would, while folders of it wait. */
  removeType(type: string): void;
  create(folder: NewFolder): Promise<DeskFolder>;
  /** Gives a draft into its circuit. */
  start(id: string, annotations?: Partial<Pick<DeskFolder, 'publicAnnotation' | 'privateAnnotation'>>): Promise<DeskFolder>;
  find(id: string): DeskFolder | undefined;
  /** In the order in which they came; what was removed or archived is not among them. */
  list(): readonly DeskFolder[];
  /** Folders that were put into the archive. */
  archived(): readonly DeskFolder[];
  act(id: string, action: DeskAction): Promise<DeskFolder>;
  /** Does all that the circuit still asks for, signatures included. */
  finish(id: string): Promise<DeskFolder>;
  /** An annexe that an actor adds. */
  addAnnex(id: string, annex: DeskFile): Promise<DeskFolder>;
  /** Takes it back to its emitter, as long as nobody has done anything with it. */
  recall(id: string): Promise<DeskFolder>;
  /** Whatever state it is in. */
  remove(id: string): Promise<void>;
  archive(id: string): Promise<void>;
  /** The circulation slip as it stands now. */
  slip(id: string): Promise<DeskFile>;
  /** Certificate (PEM) of the authority that vouches for the certificate of an actor. */
  authorityOf(actor: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a desk, with what was on it where it is kept in a folder. */
export async function createDesk(parts: DeskParts): Promise<Desk> {
  const files = await openDeskFiles(parts.folder);
  const ledger = await openDeskLedger(parts.folder);
  await files.keepOnly(hashesIn([...ledger.list(), ...ledger.archived()]));
  let types = parts.types ?? DEFAULT_DESK_TYPES;

  function typeOf(type: string, subtype: string): DeskType {
    const chosen = types.find((one) => one.type === type && one.subtype === subtype);
    if (chosen === undefined) throw new DeskRefusal('unknown-type', `Le type ${type} / ${subtype} est inconnu ou n'est pas accessible.`);
    return chosen;
  }

  return {
    files, find: ledger.find, list: ledger.list, archived: ledger.archived,
    types: () => types,
    removeType: (type) => { types = types.filter((one) => one.type !== type); },
    ...deskEntry(parts, ledger, typeOf),
    ...deskActions(parts, ledger, files, typeOf),
    addAnnex: (id, annex) => ledger.inTurn(() => {
      const folder = ledger.required(id);
      return ledger.put({ ...folder, annexes: [...folder.annexes, annex] });
    }),
    remove: (id) => ledger.inTurn(() => ledger.remove(id)),
    archive: (id) => ledger.inTurn(() => ledger.remove(id, true)),
    async slip(id) {
      const folder = ledger.required(id);
      return { filename: `${folder.title}_bordereau.pdf`, mediaType: 'application/pdf', ...await files.keep(Readable.from([makeSlip(folder)])) };
    },
    authorityOf: (actor) => ledger.inTurn(async () => (await ledger.signers.of(actor)).caPem),
    async close() {
      await ledger.settled();
      await files.close();
    },
  };
}

/** Of every file that a folder names, wherever it names it. */
function hashesIn(folders: readonly DeskFolder[]): ReadonlySet<string> {
  return new Set([...JSON.stringify(folders).matchAll(/"sha256":"([0-9a-f]{64})"/g)].map(([, sha256 = '']) => sha256));
}

type TypeOf = (type: string, subtype: string) => DeskType;

/** How folders come in. */
function deskEntry({ clock, newId, order = '5', say }: DeskParts, { find, put, required, inTurn }: DeskLedger, typeOf: TypeOf): Pick<Desk, 'create' | 'start'> {
  return {
    create: (asked) => inTurn(() => {
      const id = asked.id === '' ? newId() : asked.id;
      if (find(id) !== undefined) throw new DeskRefusal('duplicate', `Le dossier est déjà présent dans le Parapheur : dossierID = ${id}`);
      const draft = draftOf(asked, { id, at: clock.now(), chosen: typeOf(asked.type, asked.subtype) });
      say?.(`${id}: ${draft.title} (${draft.type} / ${draft.subtype})`);
      return put(asked.start === false ? draft : started(draft, clock.now(), order));
    }),
    start: (id, annotations = {}) => inTurn(() => {
      const draft = required(id);
      if (draft.state !== 'draft') throw new DeskRefusal('not-now', `Le dossier ${id} est déjà dans son circuit.`);
      return put(started({ ...draft, ...annotations }, clock.now(), order));
    }),
  };
}

/** What people do with them. */
function deskActions({ clock, say }: DeskParts, { required, put, inTurn, signers }: DeskLedger, files: DeskFiles, typeOf: TypeOf): Pick<Desk, 'act' | 'finish' | 'recall'> {
  async function act(id: string, action: DeskAction): Promise<DeskFolder> {
    const after = put(await carryOut(required(id), action, { at: clock.now(), files, signers, typeOf }));
    say?.(`${id}: ${action.do} → ${statusOf(after)}`);
    return after;
  }

  return {
    act: (id, action) => inTurn(() => act(id, action)),
    finish: (id) => inTurn(async () => {
      let folder = required(id);
      while (folder.state === 'running') folder = await act(id, { do: STEP_ACTIONS[currentStep(folder).kind] });
      return folder;
    }),
    recall: (id) => inTurn(() => put(recalled(required(id), clock.now()))),
  };
}
