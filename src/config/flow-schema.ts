import { z } from 'zod';
import { isOwnFieldName } from '../domain/item-fields.js';
import { duration, fieldValue, idText, localDate, oneOrMany, shortWritings, timeOfDay, timeZone } from './values.js';

/** In the order of ISO 8601, Monday first. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const retrySchema = z.strictObject({
  firstDelay: duration().prefault('30 s'),
  factor: z.number().min(1).max(10).default(2),
  maxDelay: duration().prefault('1 h'),
  /** With the other defaults about four days: a long weekend without the remote. */
  maxAttempts: z.int().min(1).max(10_000).default(100),
}).prefault({});

/** One entry of `hours:`, or those of a step. */
export const hoursSchema = z.strictObject({
  /** That of ws4pm where nothing is said. */
  timeZone: timeZone.optional(),
  days: z.array(z.enum(DAYS)).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']),
  from: timeOfDay.prefault('00:00'),
  to: timeOfDay.prefault('24:00'),
  holidays: z.array(localDate).default([]),
}).refine(({ from, to }) => from < to, { path: ['to'], error: 'a time after `from`, on the same day' });

interface WrittenField {
  readonly expression?: unknown;
  readonly value?: unknown;
  readonly table?: unknown;
  readonly from?: unknown;
}

function hasOneSource({ expression, value, table, from }: WrittenField): boolean {
  const given = [expression, value, table].filter((one) => one !== undefined).length;
  return given === 1 && (table === undefined) === (from === undefined);
}

/** What a field takes. A text is an expression; so is a plain number, or true. */
export const fieldSchema = z.preprocess(
  (written) => (['string', 'number', 'boolean'].includes(typeof written) ? { expression: String(written) } : written),
  z.strictObject({
    expression: z.string().min(1).optional(),
    value: fieldValue.optional(),
    table: idText.optional(),
    from: z.string().min(1).optional(),
  }).refine(hasOneSource, 'an expression, or a map {value: …}, or a map {table: …, from: …}'),
);
shortWritings.add(fieldSchema, { short: { type: ['string', 'number', 'boolean'] } });

const resultsSchema = z.strictObject({
  annexType: idText.optional(),
  /** By the role of the document. */
  annexTypes: z.record(idText, idText).default({}),
  /** Fields of the item, and the field brought back whose value each takes. */
  fields: z.record(z.string().refine(isOwnFieldName, 'a name of letters, digits, _, . and - that items do not have already'), z.string().min(1)).default({}),
  relatedTo: z.enum(['item', 'decision']).optional(),
  /** Review states of the item after the step. */
  done: idText.optional(),
  rejected: idText.optional(),
}).prefault({});

/** One entry of `steps:` or `onRejection:`. */
export const stepSchema = z.strictObject({
  id: idText.optional(),
  connector: idText,
  /** May be left out where the connector has one operation. */
  operation: idText.optional(),
  /** JSONata; false skips the step. */
  when: z.string().min(1).optional(),
  /** The step before where nothing is said; an empty list: at once. */
  after: oneOrMany(idText).optional(),
  waitFor: z.union([z.literal('decision'), z.strictObject({ states: oneOrMany(idText) })], 'the word decision, or a map such as {states: [validated]}').optional(),
  fields: z.record(z.string().min(1), fieldSchema).default({}),
  retry: retrySchema,
  /** The id of an entry of `hours:`, or hours of its own. */
  hours: z.union([idText, hoursSchema], 'the id of an entry of hours, or a map such as {from: "08:00", to: "18:00"}').optional(),
  results: resultsSchema,
});

/** One entry of `flows:`. */
export const flowSchema = z.strictObject({
  id: idText,
  when: z.strictObject({
    source: oneOrMany(idText).optional(),
    kind: oneOrMany(idText).optional(),
    meetingConfig: oneOrMany(idText).optional(),
    condition: z.string().min(1).optional(),
  }).prefault({}),
  steps: z.array(stepSchema).min(1),
  /** In place of what is left, when a step is rejected. */
  onRejection: z.array(stepSchema).default([]),
});

export type FlowEntry = z.output<typeof flowSchema>;
export type StepEntry = z.output<typeof stepSchema>;
export type HoursEntry = z.output<typeof hoursSchema>;
