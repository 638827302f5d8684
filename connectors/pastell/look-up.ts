import { documentMark, markOfFilename, readTitle } from './document-mark.js';
import { listDocuments, readDocument } from './documents.js';
import type { Plan, Recognition } from './plan.js';
import type { Session } from './session.js';
import { filesOf, textOf, type Detail, type Row } from './shapes.js';
import { isDead, isDraft } from './states.js';

export interface LookedUp {
  /** The document of this delivery; one that was started comes before a draft. Null proves that there is none that tells whose it is. */
  readonly ours: Detail | null;
  /** The same thing by another way, on its way or arrived. */
  readonly others: readonly Row[];
}

/** Looks for the documents of a delivery: Pastell makes as many as it is asked for (contracts/pastell.md §8). */
export async function lookUp(session: Session, { type, recognition }: Pick<Plan, 'type' | 'recognition'>): Promise<LookedUp> {
  const ours: Detail[] = [];
  const others: Row[] = [];
  for (const row of await listDocuments(session, type, recognition.filter)) {
    let known: Promise<Detail | null> | undefined;
    const read = (): Promise<Detail | null> => (known ??= readDocument(session, row.id));
    const likeness = await recognition.judge(row, read);
    if (likeness === 'same' && !isDraft(row.state) && !isDead(row.state)) others.push(row);
    const found = likeness === 'ours' ? await read() : null;
    if (found !== null) ours.push(found);
  }
  return { ours: ours.find(({ state }) => !isDraft(state)) ?? ours[0] ?? null, others };
}

/** By the mark in the title. `natural`: what a title begins with that is the same thing, with another mark or none. */
export function byTitle(key: string, natural: string | null, words: string): Recognition {
  const mark = documentMark(key);
  return {
    filter: { search: natural ?? mark }, words, hasTwins: natural !== null,
    judge({ title }) {
      const read = readTitle(title);
      if (read.mark === mark) return Promise.resolve('ours');
      return Promise.resolve(natural !== null && read.plain === natural ? 'same' : 'other');
    },
  };
}

/** Where the name of the main file of an act may stand, once it was signed, transformed or stamped. */
const MARKED_FILES = ['arrete', 'document_original', 'acte_tamponne', 'signature'] as const;

/** By the number, compared whole, and by the mark in the name of the main file. An unmarked draft of the same act is taken for one whose attempt died
 * before its file was sent. */
export function byNumber(key: string, act: { readonly number: string; readonly nature: string; readonly date: string }): Recognition {
  const mark = documentMark(key);
  return {
    filter: { numero_de_lacte: act.number }, hasTwins: true, words: `The act «${act.number}»`,
    async judge(_row, read) {
      const found = await read();
      if (found === null || textOf(found, 'numero_de_lacte') !== act.number) return 'other';
      const marks = MARKED_FILES.flatMap((field) => filesOf(found, field)).map(({ name }) => markOfFilename(name)).filter((one) => one !== null);
      if (marks.includes(mark)) return 'ours';
      const isBegun = marks.length === 0 && filesOf(found, 'arrete').length === 0 && isDraft(found.state);
      return isBegun && textOf(found, 'acte_nature') === act.nature && textOf(found, 'date_de_lacte').startsWith(act.date) ? 'ours' : 'same';
    },
  };
}
