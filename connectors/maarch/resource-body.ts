import type { Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { entityList } from './answers.js';
import type { MaarchClient } from './client.js';
import type { MaarchSettings } from './config.js';
import { customFieldsOf } from './custom-fields.js';

type Fields = Submission['fields'];
type Members = Readonly<Record<string, unknown>>;

/** Fields that travel under their own name, as they are. */
const AS_THEY_ARE = ['subject', 'doctype', 'priority', 'confidentiality', 'documentDate', 'arrivalDate', 'departureDate', 'processLimitDate'] as const;
const NEW_AS_THEY_ARE = ['chrono', 'typist', 'barcode'] as const;
const PEOPLE = ['senders', 'recipients'] as const;
const NUMBERS = ['folders', 'tags'] as const;
const ENTITIES = ['destination', 'initiator'] as const;

/** What a new letter is made of, but its file. Asks only where a name must become a number. Throws Refused, naming the field, for
 * values that mean nothing. */
export async function newResource({ item, fields }: Submission, settings: MaarchSettings, client: MaarchClient): Promise<Members> {
  const modelId = modelOf(fields, settings);
  const doctype = fields['doctype'] ?? settings.doctype;
  return {
    modelId, ...(doctype !== undefined && { doctype }), subject: item.title, status: settings.status,
    ...await changesOf(fields, settings, client), ...given(fields, [...NEW_AS_THEY_ARE, 'status']),
    ...await entitiesOf(fields, client),
    ...(isGiven(fields['diffusionList']) && { diffusionList: listOf(fields['diffusionList']).map((text) => recipient('diffusionList', text)) }),
  };
}

/** What is to be written into a letter, as far as a new and an old one take the same. */
export async function changesOf(fields: Fields, settings: MaarchSettings, client: MaarchClient): Promise<Members> {
  return {
    ...given(fields, AS_THEY_ARE),
    ...Object.fromEntries(PEOPLE.filter((name) => isGiven(fields[name])).map((name) => [name, listOf(fields[name]).map((text) => correspondent(name, text))])),
    ...Object.fromEntries(NUMBERS.filter((name) => isGiven(fields[name])).map((name) => [name, listOf(fields[name]).map((text) => requireNumber(name, text))])),
    ...await customFieldsOf(fields, settings, client),
  };
}

function modelOf(fields: Fields, { model, models }: MaarchSettings): number {
  const { modelId, category } = fields;
  if (typeof modelId === 'number') return modelId;
  if (typeof category === 'string' && category !== '') {
    const named = Object.hasOwn(models, category) ? models[category] : undefined;
    if (named === undefined) throw new Refused(`Field «category»: no indexing model is set for «${category}». Add it to the setting models.`);
    return named;
  }
  if (model === undefined) throw new Misconfigured('Which indexing model new letters have is not set: give the setting model, or the field modelId or category.');
  return model;
}

/** Entities by number or code; codes are looked up. */
async function entitiesOf(fields: Fields, client: MaarchClient): Promise<Members> {
  const asked = ENTITIES.flatMap((name) => (isGiven(fields[name]) ? [[name, String(fields[name]).trim()] as const] : []));
  if (asked.every(([, text]) => /^\d+$/.test(text))) return Object.fromEntries(asked.map(([name, text]) => [name, Number(text)]));
  const { entities } = await client.ask({ method: 'GET', path: '/entities' }, entityList);
  return Object.fromEntries(asked.map(([name, text]) => {
    if (/^\d+$/.test(text)) return [name, Number(text)];
    const found = entities.find(({ id }) => id === text);
    if (found === undefined) throw new Refused(`Field «${name}»: Maarch has no entity «${text}».`);
    return [name, found.serialId];
  }));
}

/** `contact:12` → {type, id} */
function correspondent(field: string, text: string): Members {
  const [, type, id] = /^(contact|user|entity):(\d+)$/.exec(text.trim()) ?? [];
  if (type === undefined) throw new Refused(`Field «${field}»: found «${text}», expected contact:12, user:3 or entity:7.`);
  return { type, id: Number(id) };
}

/** `dest:user:19` → {mode, type, id} */
function recipient(field: string, text: string): Members {
  const [, mode, type, id] = /^(\w+):(user|entity):(\d+)$/.exec(text.trim()) ?? [];
  if (mode === undefined) throw new Refused(`Field «${field}»: found «${text}», expected dest:user:19, cc:user:3 or cc:entity:7.`);
  return { mode, type, id: Number(id) };
}

function requireNumber(field: string, text: string): number {
  if (!/^\d+$/.test(text.trim())) throw new Refused(`Field «${field}»: found «${text}», expected a number.`);
  return Number(text);
}

function given(fields: Fields, names: readonly string[]): Members {
  return Object.fromEntries(names.filter((name) => isGiven(fields[name])).map((name) => [name, fields[name]]));
}

export function isGiven(value: FieldValue | undefined): value is Exclude<FieldValue, null> {
  return value !== undefined && value !== null && value !== '';
}

function listOf(value: FieldValue | undefined): readonly string[] {
  return Array.isArray(value) ? value as readonly string[] : [];
}
