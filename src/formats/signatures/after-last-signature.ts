import { checkHarmless } from './harmless-update.js';
import { refersToOneOf } from './pdf-references.js';
import { readRevision } from './pdf-revision.js';
import { readUpdates } from './pdf-update.js';
import { PdfDoubt } from './pdf-value.js';
import { bytesOf, type ReadableDocument } from './readable-document.js';

/** What was added after the last signature: where each update ends, or why it cannot be taken for harmless. */
export type Added = { readonly ends: readonly number[] } | { readonly doubt: string };

/** Validation data holds lists of revoked certificates; this is larger than any that we know. */
const LARGEST = 16 * 1024 * 1024;

/** Looks at what stands between the last signature, which covers all up to `end`, and the end of the document: services add data for
 * long-term validation and time stamps there (PAdES-B-LT and -LTA, ETSI EN 319 142-1 §5.4 and §5.5), and whoever wants to deceive another
 * page. All that is not known to be the former is a doubt. The document is read several times, in constant memory; what was added is held in it. */
export async function lookAfterLastSignature(document: ReadableDocument, end: number, size: number): Promise<Added> {
  if (size - end > LARGEST) return { doubt: `they are more than ${LARGEST}` };
  try {
    const base = await readRevision(document, end);
    const tail = (await bytesOf(document, { start: end, end: size })).toString('latin1');
    const updates = readUpdates(tail, end, base);
    await checkHarmless(base, updates);
    const added = new Set(updates.flatMap(({ objects }) => [...objects.keys()]).filter((number) => !base.entries.has(number)));
    if (added.size > 0 && await refersToOneOf(document, base, added)) return { doubt: 'what was signed refers to an object that was added' };
    return { ends: updates.map((update) => update.end) };
  } catch (error) {
    if (!(error instanceof PdfDoubt)) throw error;
    return { doubt: error.message };
  }
}
