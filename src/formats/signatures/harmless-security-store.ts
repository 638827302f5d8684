import { afterUpdate, mustBeNew, type Looked } from './looked-update.js';
import { unpack, type IndirectObject } from './pdf-object.js';
import { isArray, isDictionary, isReference, PdfDoubt, type PdfDictionary, type PdfValue } from './pdf-value.js';

type IsOfKind = (value: PdfValue | undefined) => boolean;

const STREAM_KEYS = ['Length', 'Filter', 'Type'];
const isStore: IsOfKind = (value) => hasOnly(value, (key) => ['Type', 'VRI', 'Certs', 'CRLs', 'OCSPs'].includes(key));
const isIndex: IsOfKind = (value) => hasOnly(value, (key) => key === 'Type' || /^[0-9A-Fa-f]{40}$/.test(key));
const isIndexed: IsOfKind = (value) => hasOnly(value, (key) => ['Type', 'Cert', 'CRL', 'OCSP', 'TU', 'TS'].includes(key));

/** Looks at the document security store that an update leaves (ISO 32000-2 §12.8.4.3, tables 261 and 262): certificates, answers on
 * revocation, and which signature each is for. Rejects with PdfDoubt. */
export async function checkSecurityStore(looked: Looked, store: PdfValue | undefined): Promise<void> {
  if (store === undefined) return;
  const members = await dictionary(looked, store, isStore, 'the security store (/DSS)');
  for (const key of ['Certs', 'CRLs', 'OCSPs']) await streams(looked, members.get(key));
  if (!members.has('VRI')) return;
  const index = await dictionary(looked, members.get('VRI'), isIndex, 'the index of the security store (/VRI)');
  for (const [key, one] of index) {
    if (key === 'Type') continue;
    const indexed = await dictionary(looked, one, isIndexed, 'a member of the index of the security store (/VRI)');
    for (const list of ['Cert', 'CRL', 'OCSP']) await streams(looked, indexed.get(list));
    if (indexed.has('TS')) stream(looked, indexed.get('TS'));
  }
}

/** None that was signed is replaced, not even by one of its kind: the document may name it in another place, where it means something else. */
async function dictionary(looked: Looked, value: PdfValue | undefined, isOfKind: IsOfKind, what: string): Promise<PdfDictionary> {
  const { value: found, changed } = await afterUpdate(looked, value);
  if (!isDictionary(found) || !isOfKind(found)) throw new PdfDoubt(`${what} holds something else`);
  if (changed !== null) mustBeNew(looked, changed);
  return found;
}

async function streams(looked: Looked, value: PdfValue | undefined): Promise<void> {
  if (value === undefined) return;
  const { value: found, changed } = await afterUpdate(looked, value);
  if (!isArray(found)) throw new PdfDoubt('the security store (/DSS) cannot be read');
  if (changed !== null) mustBeNew(looked, changed);
  for (const one of found) stream(looked, one);
}

function stream(looked: Looked, value: PdfValue | undefined): void {
  if (!isReference(value)) throw new PdfDoubt('the security store (/DSS) cannot be read');
  const object = looked.update.objects.get(value.object);
  if (object === undefined || looked.known.has(object.number)) return;
  mustBeNew(looked, object.number);
  if (!hasOnly(object.value, (key) => STREAM_KEYS.includes(key)) || !isOneStructure(object)) throw new PdfDoubt(`object ${object.number} of the security store (/DSS) is no certificate and no answer on revocation`);
  looked.known.add(object.number);
}

/** Whether the content is one sequence in DER, as certificates, lists and answers are. */
function isOneStructure(object: IndirectObject): boolean {
  const bytes = unpack(object);
  const [tag, short = 0] = bytes;
  const width = short > 0x80 && short <= 0x84 ? short & 0x7f : 0;
  const length = width === 0 ? short : bytes.subarray(2, 2 + width).reduce((value, byte) => value * 256 + byte, 0);
  return tag === 0x30 && short !== 0x80 && bytes.length === 2 + width + length;
}

function hasOnly(value: PdfValue | undefined, isKey: (key: string) => boolean): boolean {
  return isDictionary(value) && [...value.keys()].every(isKey);
}
