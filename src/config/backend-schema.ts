import { z } from 'zod';
import { fieldSchema } from './flow-schema.js';
import { duration, idText } from './values.js';

/** `backend:` of a meeting config. */
export const backendSchema = z.strictObject({
  connector: idText,
  forward: z.enum(['later', 'direct']).default('later'),
  /** Callers of ws4pm give up after ten seconds or a few more (contracts/wsclient.md §7); beyond, the item is accepted and told so. */
  directWait: duration().prefault('20 s'),
  freshFor: duration().prefault('30 s'),
  /** A page over there makes several calls, and waits ten seconds in all. */
  readTimeout: duration().prefault('4 s'),
  /** Of the operation that hands the item over. */
  fields: z.record(z.string().min(1), fieldSchema).default({}),
});

export type BackendEntry = z.output<typeof backendSchema>;
