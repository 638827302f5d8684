import type { SimulatedDocument } from './simulated-document.js';
import type { Field } from './simulated-fields.js';
import { listOf, textOf, type PhpParameters } from './simulated-php.js';
import type { DocumentType } from './simulated-types.js';

/** The first rule of the form that does not hold, in the words that `message` has beside `formulaire_ok: 0`; null where all hold
 * (contracts/pastell.md §3). */
export function firstProblem(document: SimulatedDocument, { fields }: Pick<DocumentType, 'fields'>): string | null {
  for (const field of fields.filter(({ output }) => output !== true)) {
    const problem = problemOf(field, document);
    if (problem !== null) return problem;
  }
  return null;
}

function problemOf(field: Field, document: SimulatedDocument): string | null {
  const { name, label, required, requiredWith } = field;
  const isMissing = field.kind === 'file' ? (document.files[name] ?? []).length === 0 : (document.values[name] ?? '') === '';
  if (!isMissing) return field.kind === 'file' ? fileProblem(field, document) : valueProblem(field, document.values[name] ?? '');
  const isNeeded = required === true || (requiredWith !== undefined && document.values[requiredWith] === '1');
  return isNeeded ? `Le formulaire est incomplet : le champ «${label}» est obligatoire.` : null;
}

function valueProblem({ label, kind, pattern, choices }: Field, value: string): string | null {
  if (pattern?.test(value) === false) return `Le champ «${label}» est incorrect : sa valeur n'a pas la forme attendue.`;
  if (choices !== undefined && !(value in choices)) return `Le champ «${label}» est incorrect : «${value}» n'est pas un choix.`;
  return kind === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value) ? `Le champ «${label}» est incorrect : une date est attendue.` : null;
}

function fileProblem({ name, label, mediaTypes }: Field, { files }: SimulatedDocument): string | null {
  const wrong = (files[name] ?? []).find(({ filename }) => mediaTypes?.includes(mediaTypeOf(filename)) === false);
  return wrong === undefined ? null : `Le fichier «${wrong.filename}» du champ «${label}» n'est pas au format attendu (${mediaTypes?.join(', ') ?? ''}).`;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = { pdf: 'application/pdf', xml: 'application/xml', json: 'application/json', zip: 'application/zip', p7s: 'application/pkcs7-signature' };

export function mediaTypeOf(filename: string): string {
  return MEDIA_TYPES[filename.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

/** Names of fields are lower-cased, without accents, everything else an underline (contracts/pastell.md §4.2). */
export function fieldId(name: string): string {
  return name.normalize('NFD').replace(/[\u0300-\u036F]/g, '').toLowerCase().replace(/\W/g, '_');
}

/** Writes what belongs to the form and may be changed now; the rest is dropped without a word. */
export function applyEdit(document: SimulatedDocument, { fields }: Pick<DocumentType, 'fields'>, given: PhpParameters, mayEdit: (field: string) => boolean): void {
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find((one) => one.name === fieldId(name));
    if (field === undefined || field.output === true || field.kind === 'file' || !mayEdit(field.name)) continue;
    const text = textOf(value);
    const written = field.kind === 'checkbox' ? checkboxValue(text) : text;
    if (field.name === 'acte_nature' && written !== document.values[field.name]) forgetTypology(document);
    setValue(document, field.name, written);
    if (field.name === 'type_acte' || field.name === 'type_pj') typologyByHand(document);
  }
  mirrorSignature(document, listOf(given['envoi_signature_check']));
}

export function setValue({ values }: SimulatedDocument, name: string, value: string): void {
  values[name] = value;
}

/** Which files are of which type is forgotten with every change of the files or of the nature (contracts/pastell.md §4.3). */
export function forgetTypology({ values }: SimulatedDocument): void {
  for (const name of ['type_acte', 'type_pj', 'type_piece']) values[name] = '';
}

/** Codes that were written as plain fields make the readable field, too. */
function typologyByHand({ values, files }: SimulatedDocument): void {
  if ((values['type_acte'] ?? '') === '') return;
  const expected = (files['autre_document_attache'] ?? []).length;
  if (expected === codesIn(values['type_pj'] ?? '').length) values['type_piece'] = `${expected + 1} fichier(s) typé(s)`;
}

/** `type_pj` is a list in JSON. */
export function codesIn(json: string): readonly string[] {
  if (json === '') return [];
  try {
    const read: unknown = JSON.parse(json);
    return Array.isArray(read) ? read.map(String) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function checkboxValue(text: string): string {
  return /^(1|true|on|yes|y|\+)$/i.test(text.trim()) ? '1' : '';
}

/** What is asked for by the interface is shown in the form, and the other way round (contracts/pastell.md §4.2). */
function mirrorSignature({ values }: SimulatedDocument, [checked]: readonly string[]): void {
  if (checked !== undefined && checkboxValue(checked) === '1' && values['envoi_signature_fast'] !== '1') values['envoi_signature'] = '1';
  if (values['envoi_signature'] !== undefined) values['envoi_signature_check'] = values['envoi_signature'] === '1' || values['envoi_signature_fast'] === '1' ? '1' : '';
}
