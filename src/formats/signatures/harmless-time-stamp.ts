import { afterUpdate, mustBeNew, sameBut, type Looked } from './looked-update.js';
import { unpack } from './pdf-object.js';
import { canonicalPdf, isArray, isDictionary, isReference, nameOf, PdfDoubt, type PdfDictionary, type PdfValue } from './pdf-value.js';

const FIELD_KEYS = ['Type', 'Subtype', 'FT', 'T', 'V', 'P', 'Rect', 'F', 'Ff', 'AP'];
const STAMP_KEYS = ['Type', 'Filter', 'SubFilter', 'Contents', 'ByteRange', 'M', 'V', 'Prop_Build', 'Name'];
const EMPTY_KEYS = ['Type', 'Subtype', 'FormType', 'BBox', 'Matrix', 'Resources', 'Length', 'Filter'];

/** Looks at the form that an update leaves: the same but for fields of document time stamps (ISO 32000-2 §12.8.5) at its end, none of
 * which can be seen. The page of such a field may name it among its annotations. Rejects with PdfDoubt. */
export async function checkFormGrowth(looked: Looked, old: PdfValue | undefined, now: PdfValue | undefined): Promise<void> {
  const form = await afterUpdate(looked, now);
  if (isReference(now) !== isReference(old) || (isReference(now) && canonicalPdf(old) !== canonicalPdf(now))) throw new PdfDoubt('the form of the document is another (/AcroForm)');
  const before = isReference(old) ? await looked.before(old.object) : old;
  if (canonicalPdf(before) === canonicalPdf(form.value) && !await fieldsChange(looked, before)) return;
  if (!isDictionary(before) || !isDictionary(form.value)) throw new PdfDoubt('the form of the document is another (/AcroForm)');
  sameBut(before, form.value, ['Fields', 'SigFlags'], 'the form of the document');
  const fields = await grown(looked, before.get('Fields'), form.value.get('Fields'), 'the form of the document (/Fields)');
  for (const field of fields) await checkField(looked, field, fields);
}

async function fieldsChange({ update }: Looked, form: PdfValue | undefined): Promise<boolean> {
  const fields = isDictionary(form) ? form.get('Fields') : undefined;
  return Promise.resolve(isReference(fields) && update.objects.has(fields.object));
}

/** What an array has at its end that it had not before; wherever the array is. */
async function grown(looked: Looked, old: PdfValue | undefined, now: PdfValue | undefined, what: string): Promise<readonly number[]> {
  const after = (await afterUpdate(looked, now)).value ?? [];
  const before = (isReference(old) ? await looked.before(old.object) : old) ?? [];
  if (isReference(now) && canonicalPdf(old) !== canonicalPdf(now)) throw new PdfDoubt(`${what} is changed`);
  if (!isArray(after) || !isArray(before) || canonicalPdf(after.slice(0, before.length)) !== canonicalPdf(before)) throw new PdfDoubt(`${what} is changed`);
  return after.slice(before.length).map((one) => {
    if (!isReference(one) || !looked.update.objects.has(one.object)) throw new PdfDoubt(`${what} has something more than time stamps`);
    return one.object;
  });
}

async function checkField(looked: Looked, number: number, fields: readonly number[]): Promise<void> {
  const field = await added(looked, { object: number, generation: 0 }, FIELD_KEYS, 'a field of the form');
  const rect = field.get('Rect') ?? [];
  const isPlain = nameOf(field.get('FT')) === 'Sig' && isArray(rect) && rect.every((side) => side === 0);
  if (!isPlain) throw new PdfDoubt('a field is added to the form that is no invisible time stamp');
  await checkAppearance(looked, field.get('AP'));
  const stamp = await added(looked, field.get('V'), STAMP_KEYS, 'the value of a field of the form');
  if (nameOf(stamp.get('SubFilter')) !== 'ETSI.RFC3161') throw new PdfDoubt('a field is added to the form that is no invisible time stamp');
  const page = field.get('P');
  if (isReference(page)) await checkPage(looked, page.object, fields);
}

/** A dictionary that the update brings, under a number of its own. */
async function added(looked: Looked, value: PdfValue | undefined, keys: readonly string[], what: string): Promise<PdfDictionary> {
  const { value: found, changed } = await afterUpdate(looked, value);
  if (!isDictionary(found) || changed === null) throw new PdfDoubt(`${what} cannot be read`);
  mustBeNew(looked, changed);
  const other = [...found.keys()].find((key) => !keys.includes(key));
  if (other !== undefined) throw new PdfDoubt(`${what} has /${other.slice(0, 40)}`);
  return found;
}

/** Some programs give what cannot be seen an appearance with nothing in it. */
async function checkAppearance(looked: Looked, value: PdfValue | undefined): Promise<void> {
  if (value === undefined) return;
  const { value: found, changed } = await afterUpdate(looked, value);
  if (changed !== null) mustBeNew(looked, changed);
  const normal = isDictionary(found) && found.size === 1 ? found.get('N') : undefined;
  const drawn = isReference(normal) ? looked.update.objects.get(normal.object) : undefined;
  const isEmpty = drawn !== undefined && isDictionary(drawn.value) && unpack(drawn).toString('latin1').trim() === '';
  if (!isEmpty || ![...drawn.value.keys()].every((key) => EMPTY_KEYS.includes(key))) throw new PdfDoubt('a time stamp draws something on the page');
  mustBeNew(looked, drawn.number);
  looked.known.add(drawn.number);
}

async function checkPage(looked: Looked, number: number, fields: readonly number[]): Promise<void> {
  const [old, { value: now }] = [await looked.before(number), await afterUpdate(looked, { object: number, generation: 0 })];
  if (!isDictionary(old) || !isDictionary(now) || nameOf(old.get('Type')) !== 'Page') throw new PdfDoubt('a time stamp stands on something that is no page');
  sameBut(old, now, ['Annots'], 'a page');
  const annotations = await grown(looked, old.get('Annots'), now.get('Annots'), 'a page (/Annots)');
  if (annotations.some((one) => !fields.includes(one))) throw new PdfDoubt('a page has an annotation more');
}
