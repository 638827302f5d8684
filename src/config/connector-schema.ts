import { z } from 'zod';
import { placeMembers } from './place-schema.js';
import { duration, idText } from './values.js';

const limitsSchema = z.strictObject({
  concurrency: z.int().min(1).max(1000).default(4),
  perMinute: z.int().min(1).max(1_000_000).nullable().default(null),
  order: z.enum(['none', 'source', 'organisation', 'all']).default('none'),
}).prefault({});

/** What is fetched unasked, and where it comes to stand. */
const collectSchema = z.strictObject({ every: duration().prefault('15 min'), ...placeMembers });

/** One entry of `connectors:`. */
export const connectorSchema = z.strictObject({
  id: idText,
  type: idText,
  /** Checked by the connector's own schema. */
  settings: z.unknown().optional(),
  /** Port on this machine where the gateway itself runs the other side, for demonstrations and rehearsals. */
  simulated: z.int().min(1).max(65_535).optional(),
  limits: limitsSchema,
  /** Of types that collect. */
  collect: collectSchema.optional(),
});
