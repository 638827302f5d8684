import { z } from 'zod';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';

/** contracts/pastell.md §1: numbers and booleans are mostly texts, and became numbers and booleans here and there. */
const word = z.union([z.string(), z.number(), z.boolean()]).nullish().transform((value) => (value === null || value === undefined ? '' : String(value)));

/** An empty map comes as an empty list. */
function mapOf<Value extends z.ZodType>(value: Value): z.ZodType<Record<string, z.infer<Value>>> {
  return z.union([z.record(z.string(), value), z.array(z.unknown()).length(0).transform(() => ({}))]);
}

/** A list whose first elements were taken away comes as a map. */
const words = z.union([z.array(word), z.record(z.string(), word).transform((map) => Object.values(map))]);

const lastAction = z.object({ action: word, message: word, date: word });

/** A document with what it holds (§3). */
export const detail = z.object({
  info: z.object({ id_d: word, type: word, titre: word }),
  data: mapOf(z.unknown()),
  action_possible: words.optional(),
  'action-possible': words.optional(),
  last_action: z.union([lastAction, z.array(z.unknown())]).nullish(),
}).transform(({ info, data, last_action, ...rest }) => ({
  id: info.id_d, type: info.type, title: info.titre, data,
  possible: rest.action_possible ?? rest['action-possible'] ?? [],
  ...(last_action === null || last_action === undefined || Array.isArray(last_action)
    ? { state: 'creation', message: '', at: '' } : { state: last_action.action, message: last_action.message, at: last_action.date }),
}));

/** `state` is the name of the last action; `at` is local time over there, `2027-03-01 10:00:00`. */
export type Detail = z.infer<typeof detail>;

/** A row of a list. */
export const row = z.object({ id_d: word, titre: word, last_action: word, last_action_date: word })
  .transform(({ id_d, titre, last_action, last_action_date }) => ({ id: id_d, title: titre, state: last_action, at: last_action_date }));
export type Row = z.infer<typeof row>;

/** What became of an edit: it is saved, and the form is complete, or it says what it lacks. */
export const edited = z.object({ formulaire_ok: word, message: word, content: detail })
  .transform(({ formulaire_ok, message, content }) => ({ isComplete: isTrue(formulaire_ok), message, content }));
export type Edited = z.infer<typeof edited>;

export const created = z.object({ id_d: word.refine((id) => id !== '') });
export const version = z.object({ version: word });
export const formFields = mapOf(z.looseObject({ type: word }));
export const actionNames = mapOf(z.unknown());
export const documentTypes = mapOf(z.unknown());
export const entity = z.object({ id_e: word, denomination: word });
export const associations = z.array(z.object({ id_ce: word, type: word, flux: word }));
export const journalRows = z.array(z.object({ id_j: word, type: word, action: word, date: word, message_horodate: word }));
export const pieces = z.object({ actes_type_pj_list: mapOf(word), pieces: words });

/** Throws OutcomeUnknown for an answer that lacks what is needed. */
export function shaped<Value>(shape: z.ZodType<Value>, value: unknown): Value {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new OutcomeUnknown(`Pastell answered with something that cannot be used${issue === undefined || issue.path.length === 0 ? '' : `: «${issue.path.join('.')}»`}.`);
}

/** §4.2: what a checkbox may hold. */
export function isTrue(value: string): boolean {
  return /^(?:1|true|on|yes|y|\+)$/i.test(value.trim());
}

/** A field of a document that is no file; empty where it has none. */
export function textOf({ data }: Pick<Detail, 'data'>, field: string): string {
  const value = data[field];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).trim() : '';
}

/** A file of a document: `number` is what it is asked for by. */
export interface NamedFile {
  readonly field: string;
  readonly number: number;
  readonly name: string;
}

/** The files of a field, in their order. */
export function filesOf({ data }: Pick<Detail, 'data'>, field: string): readonly NamedFile[] {
  const value = data[field];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, name]) => (typeof name === 'string' && name !== '' && /^\d+$/.test(key) ? [{ field, number: Number(key), name }] : []));
}
