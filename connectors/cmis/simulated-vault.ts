import { readSaved, writeSaved } from '../../src/connector-kit/saved-json.js';

export interface Content {
  readonly sha256: string;
  readonly size: number;
}

export interface Version {
  readonly label: string;
  readonly comment: string;
  readonly content: Content | null;
}

export type Values = Readonly<Record<string, readonly string[]>>;

/** A folder, or a document with its versions. */
export interface Entry {
  readonly id: string;
  readonly kind: 'cmis:folder' | 'cmis:document';
  parentId: string | null;
  name: string;
  readonly type: string;
  aspects: readonly string[];
  values: Values;
  readonly versions: Version[];
  checkedOutBy: string | null;
}

/** What a repository says no with: the name of the exception (CMIS 1.1 §2.2.1.4). */
export class CmisRefusal extends Error {
  readonly exception: string;

  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}

/** Folders and documents. Names are told apart within a folder without regard to case, as Alfresco does. */
export interface Vault {
  readonly root: Entry;
  entries(): readonly Entry[];
  /** By its identifier, that of a version (`7;1.1`) or that of its working copy (`7;pwc`). Throws CmisRefusal. */
  entry(id: string): Entry;
  /** Below the root; undefined where there is none. */
  at(names: readonly string[]): Entry | undefined;
  pathOf(entry: Entry): string;
  add(entry: Omit<Entry, 'id' | 'versions' | 'checkedOutBy'>, content: Content | null): Entry;
  addVersion(entry: Entry, major: boolean, comment: string, content: Content | null): void;
  remove(entry: Entry): void;
  /** On disk when it resolves, where there is a folder. */
  save(): Promise<void>;
}

const FORBIDDEN = /["*\\<>?/:|\p{Cc}]|[. ]$/u;

const FILE = 'cmis.json';

/** `folder`: where it is remembered over restarts; nowhere if not given. */
export async function openVault(folder?: string): Promise<Vault> {
  const kept = folder === undefined ? [] : await readSaved<Entry[]>(folder, FILE) ?? [];
  const root: Entry = kept.find(({ parentId }) => parentId === null) ?? { id: 'root', kind: 'cmis:folder', parentId: null, name: '', type: 'cmis:folder', aspects: [], values: {}, versions: [], checkedOutBy: null };
  if (!kept.includes(root)) kept.push(root);
  let writing = Promise.resolve();
  const childNamed = (parentId: string, name: string): Entry | undefined => kept.find((one) => one.parentId === parentId && one.name.toLowerCase() === name.toLowerCase());

  return {
    root,
    entries: () => kept,
    entry(id) {
      const found = kept.find((one) => one.id === id.split(';', 1)[0]);
      if (found === undefined) throw new CmisRefusal('objectNotFound', `Object ${id} was not found`);
      return found;
    },
    at: (names) => names.reduce<Entry | undefined>((parent, name) => parent && childNamed(parent.id, name), root),
    pathOf: (entry) => pathIn(kept, entry),
    add(entry, content) {
      if (FORBIDDEN.test(entry.name) || entry.name === '') throw new CmisRefusal('constraint', `The name «${entry.name}» is not allowed`);
      if (childNamed(entry.parentId ?? '', entry.name) !== undefined) throw new CmisRefusal('nameConstraintViolation', `Duplicate child name not allowed: ${entry.name}`);
      const added: Entry = { ...entry, id: String(kept.length + 1), versions: entry.kind === 'cmis:document' ? [{ label: '1.0', comment: '', content }] : [], checkedOutBy: null };
      kept.push(added);
      return added;
    },
    addVersion(entry, major, comment, content) {
      const [first = '1', second = '0'] = entry.versions.at(-1)?.label.split('.') ?? [];
      entry.versions.push({ label: major ? `${Number(first) + 1}.0` : `${first}.${Number(second) + 1}`, comment, content: content ?? entry.versions.at(-1)?.content ?? null });
      entry.checkedOutBy = null;
    },
    remove(entry) {
      // Its number is not given again.
      entry.parentId = 'trash';
      kept[kept.indexOf(entry)] = { ...entry, id: `trash-${entry.id}` };
    },
    async save() {
      if (folder === undefined) return;
      writing = writing.catch(() => undefined).then(() => writeSaved(folder, FILE, kept));
      await writing;
    },
  };
}

function pathIn(kept: readonly Entry[], { parentId, name }: Entry): string {
  const parent = kept.find(({ id }) => id === parentId);
  return parent === undefined ? '' : `${pathIn(kept, parent)}/${name}`;
}
