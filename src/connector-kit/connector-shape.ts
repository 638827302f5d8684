import { z } from 'zod';
import { CONNECTOR_API, type Connector, type Operation } from '../connector-api/connector.js';
import type { TargetField } from '../domain/mapping.js';

const title = z.strictObject({ fr: z.string().min(1), en: z.string().min(1) });

const targetField = z.strictObject({
  type: z.enum(['text', 'html', 'boolean', 'integer', 'date', 'list']),
  title,
  required: z.boolean().exactOptional(),
  maxLength: z.int().min(1).exactOptional(),
  cut: z.boolean().exactOptional(),
  values: z.array(z.string()).exactOptional(),
}) satisfies z.ZodType<TargetField>;

const operation = z.strictObject({
  idempotence: z.enum(['client-key', 'natural-key', 'none']),
  fields: z.record(z.string(), targetField).exactOptional(),
  anyField: z.union([z.boolean(), z.object({ prefix: z.string().min(1) })]).exactOptional(),
  answersLater: z.boolean().exactOptional(),
}) satisfies z.ZodType<Operation>;

const manifest = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens, a letter first'),
  title,
  kinds: z.array(z.string()).min(1),
  operations: z.record(z.string(), operation).refine((operations) => Object.keys(operations).length > 0, 'at least one operation'),
  api: z.int().max(CONNECTOR_API, `a contract that this Relais knows: it speaks version ${CONNECTOR_API}; update Relais`).exactOptional(),
});

const call = z.custom((value) => typeof value === 'function', 'a function');

const connector = z.looseObject({
  manifest,
  // zod 4, be it another copy of it
  settings: z.custom((value) => typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value, 'a schema of zod 4'),
  check: call,
  submit: call,
  probe: call,
  track: call.optional(),
  cancel: call.optional(),
  survey: z.looseObject({ atMost: z.int().min(1), ask: call }).optional(),
  together: z.looseObject({ gather: call, submit: call }).optional(),
  choices: call.optional(),
  receive: call.optional(),
  collect: z.looseObject({ kinds: z.array(z.string().min(1)).optional(), list: call, fetch: call, kept: call }).optional(),
  personalLink: call.optional(),
})
  .refine(({ survey, track }) => survey === undefined || track !== undefined, { path: ['track'], message: 'a function, because the connector has a survey' })
  .refine(({ manifest: { operations }, track }) => track !== undefined || Object.values(operations).every(({ answersLater }) => answersLater !== true), { path: ['track'], message: 'a function, because an operation answers later' });

/** What keeps a value that came from outside from being a connector, one line a mistake; none if it is one. */
export function connectorMistakes(value: unknown): readonly string[] {
  const parsed = connector.safeParse(value);
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.length === 0 ? 'connector' : path.join('.')}: ${message}`);
}

/** True for a value that has all that a connector needs. */
export function isConnector(value: unknown): value is Connector {
  return connectorMistakes(value).length === 0;
}
