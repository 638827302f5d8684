import { readSaved, writeSaved } from '../../src/connector-kit/saved-json.js';

export interface StoredFile {
  readonly sha256: string;
  readonly size: number;
}

export interface Letter {
  readonly resId: number;
  members: Record<string, unknown>;
  status: string;
  readonly chrono: string | null;
  externalId: Record<string, unknown>;
  readonly file: StoredFile | null;
  readonly notes: { readonly value: string; readonly firstname: string; readonly lastname: string; readonly creation_date: string }[];
}

export interface Attached {
  readonly id: number;
  readonly resIdMaster: number;
  readonly title: string;
  readonly type: string;
  readonly format: string;
  readonly status: string;
  readonly file: StoredFile;
  /** Number of its signed answer. */
  readonly signedResponse: number | null;
  /** Base64 of what people here wrote; what comes from elsewhere is measured and thrown away. */
  readonly content: string | null;
}

interface Kept {
  readonly letters: Letter[];
  readonly attachments: Attached[];
  next: number;
}

/** Letters, attachments and notes of a mail office. */
export interface Office {
  letters(): readonly Letter[];
  letter(resId: number): Letter | undefined;
  attachments(resId: number): readonly Attached[];
  attachment(id: number): Attached | undefined;
  addLetter(letter: Omit<Letter, 'resId' | 'chrono' | 'notes'>, withChrono: boolean): Letter;
  attach(attached: Omit<Attached, 'id'>): Attached;
  note(letter: Letter, value: string): void;
  /** Takes it out for good. */
  remove(resId: number): void;
  /** On disk when it resolves, where there is a folder. */
  save(): Promise<void>;
}

const FILE = 'maarch.json';

/** `folder`: where it is remembered over restarts; nowhere if not given. */
export async function openOffice(clock: { now(): number }, folder?: string): Promise<Office> {
  const kept = (folder === undefined ? undefined : await readSaved<Kept>(folder, FILE)) ?? emptyOffice();
  let writing = Promise.resolve();
  const number = (): number => { kept.next += 1; return kept.next; };

  return {
    letters: () => kept.letters,
    letter: (resId) => kept.letters.find((letter) => letter.resId === resId),
    attachments: (resId) => kept.attachments.filter(({ resIdMaster }) => resIdMaster === resId),
    attachment: (id) => kept.attachments.find((attached) => attached.id === id),
    addLetter(letter, withChrono) {
      const resId = number();
      const added = { ...letter, resId, chrono: withChrono ? `MAARCH/${new Date(clock.now()).getUTCFullYear()}A/${resId}` : null, notes: [] };
      kept.letters.push(added);
      return added;
    },
    attach(attached) {
      const added = { ...attached, id: number() };
      kept.attachments.push(added);
      return added;
    },
    note(letter, value) {
      letter.notes.push({ value, firstname: 'Anne', lastname: 'Martin', creation_date: new Date(clock.now() + letter.notes.length).toISOString() });
    },
    remove(resId) {
      kept.letters.splice(0, kept.letters.length, ...kept.letters.filter((letter) => letter.resId !== resId));
    },
    async save() {
      if (folder === undefined) return;
      writing = writing.catch(() => undefined).then(() => writeSaved(folder, FILE, kept));
      await writing;
    },
  };
}

function emptyOffice(): Kept {
  return { letters: [], attachments: [], next: 100 };
}
