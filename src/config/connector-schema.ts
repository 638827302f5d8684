import { z } from 'zod';
import { idText } from './values.js';

const limitsSchema = z.strictObject({
  concurrency: z.int().min(1).max(1000).default(4),
  perMinute: z.int().min(1).max(1_000_000).nullable().default(null),
  order: z.enum(['none', 'source', 'organisation', 'all']).default('none'),
}).prefault({});

/** One entry of `connectors:`. */
export const connectorSchema = z.strictObject({
  id: idText,
  type: idText,
  /** Checked by the connector's own schema. */
  settings: z.unknown().optional(),
  /** Port on this machine where the gateway itself runs the other side, for demonstrations and rehearsals. */
  simulated: z.int().min(1).max(65_535).optional(),
  limits: limitsSchema,
});
