import type { PdfUpdate } from './pdf-update.js';
import { canonicalPdf, isReference, PdfDoubt, type PdfDictionary, type PdfValue } from './pdf-value.js';

/** An update that is looked at, and what there was before it. */
export interface Looked {
  readonly update: PdfUpdate;
  /** The value of an object before the update. */
  readonly before: (number: number) => Promise<PdfValue | undefined>;
  /** Whether the last signature covers an object of this number. */
  readonly isCovered: (number: number) => boolean;
  /** Objects of the update whose purpose is known. */
  readonly known: Set<number>;
}

/** Throws PdfDoubt where an object of the signed document has this number. */
export function mustBeNew({ isCovered }: Looked, number: number): void {
  if (isCovered(number)) throw new PdfDoubt(`object ${number}, which was signed, is replaced`);
}

/** Throws PdfDoubt where two dictionaries differ in more than these keys. */
export function sameBut(old: PdfDictionary, now: PdfDictionary, keys: readonly string[], what: string): void {
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    if (!keys.includes(key) && canonicalPdf(old.get(key)) !== canonicalPdf(now.get(key))) throw new PdfDoubt(`${what} is changed (/${key.slice(0, 40)})`);
  }
}

/** The value behind a reference, as the update leaves it; its object is known from now on. `changed`: the update brings that object. Throws PdfDoubt where it has a stream. */
export async function afterUpdate({ update, before, known }: Looked, value: PdfValue | undefined): Promise<{ readonly value: PdfValue | undefined; readonly changed: number | null }> {
  if (!isReference(value)) return { value, changed: null };
  const object = update.objects.get(value.object);
  if (object === undefined) return { value: await before(value.object), changed: null };
  if (object.packed !== null) throw new PdfDoubt(`object ${object.number} is a stream where none belongs`);
  known.add(object.number);
  return { value: object.value, changed: object.number };
}
