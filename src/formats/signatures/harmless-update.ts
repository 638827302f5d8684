import { checkSecurityStore } from './harmless-security-store.js';
import { checkFormGrowth } from './harmless-time-stamp.js';
import { sameBut, type Looked } from './looked-update.js';
import type { PdfRevision } from './pdf-revision.js';
import type { PdfUpdate } from './pdf-update.js';
import { canonicalPdf, isArray, isDictionary, isReference, PdfDoubt, type PdfValue } from './pdf-value.js';

/** Keys of the catalog that may differ, each looked at in its own way. */
const MAY_CHANGE = ['DSS', 'Extensions', 'AcroForm'];

/** Makes sure that what follows the last signature is data for its long-term validation (ISO 32000-2 §12.8.4.3) and time stamps
 * of the document (§12.8.5), and nothing that can be seen: the catalog stays what it was but for these, and no other object of
 * the signed document is replaced. Rejects with PdfDoubt. */
export async function checkHarmless(base: PdfRevision, updates: readonly PdfUpdate[]): Promise<void> {
  const root = base.trailer.get('Root');
  if (!isReference(root) || root.generation !== 0) throw new PdfDoubt('the PDF does not say where its catalog is');
  const added = new Map<number, PdfValue>();
  const before = (number: number): Promise<PdfValue | undefined> => added.has(number) ? Promise.resolve(added.get(number)) : base.value(number);
  for (const update of updates) {
    const looked: Looked = { update, before, isCovered: (number) => base.entries.has(number), known: new Set() };
    await checkUpdate(looked, root.object);
    update.objects.forEach(({ value }, number) => added.set(number, value));
  }
}

async function checkUpdate(looked: Looked, root: number): Promise<void> {
  const { update, before, isCovered, known } = looked;
  if (update.xrefStream !== null) {
    if (isCovered(update.xrefStream)) throw new PdfDoubt(`object ${update.xrefStream}, which was signed, is replaced`);
    known.add(update.xrefStream);
  }
  const [old, now] = [await before(root), update.objects.has(root) ? update.objects.get(root)?.value : await before(root)];
  if (!isDictionary(old) || !isDictionary(now)) throw new PdfDoubt('the catalog of the PDF cannot be read');
  known.add(root);
  sameBut(old, now, MAY_CHANGE, 'the catalog');
  checkExtensions(old.get('Extensions'), now.get('Extensions'));
  await checkSecurityStore(looked, now.get('DSS'));
  await checkFormGrowth(looked, old.get('AcroForm'), now.get('AcroForm'));
  const other = [...update.objects.keys()].find((number) => !known.has(number));
  if (other !== undefined) throw new PdfDoubt(isCovered(other) ? `object ${other}, which was signed, is replaced` : `object ${other} is neither data for validation nor a time stamp`);
}

/** Versions of extensions of the format (ISO 32000-1 §7.12): names and numbers, nothing that refers to anything. */
function checkExtensions(old: PdfValue | undefined, now: PdfValue | undefined): void {
  if (canonicalPdf(old) === canonicalPdf(now)) return;
  if (!isDictionary(now) || refersToObjects(now)) throw new PdfDoubt('the catalog has other extensions (/Extensions)');
}

function refersToObjects(value: PdfValue): boolean {
  if (isReference(value)) return true;
  const members = isDictionary(value) ? [...value.values()] : isArray(value) ? value : [];
  return members.some(refersToObjects);
}
