import { z } from 'zod';
import { SOURCE_PROFILES } from './source-profiles.js';
import { duration, idText, userIdText } from './values.js';

const creationSchema = z.strictObject({
  category: idText.optional(),
  annexType: idText.optional(),
  annexTypesByExtension: z.record(z.string().regex(/^[A-Za-z0-9]{1,10}$/, 'an extension such as pdf, without a dot'), idText).default({}),
  proposingGroup: idText.optional(),
}).prefault({});

/** One entry of `sources:`. */
export const sourceSchema = z.strictObject({
  id: idText,
  profile: z.enum(Object.keys(SOURCE_PROFILES) as (keyof typeof SOURCE_PROFILES)[]).optional(),
  /** Null: nobody, the account acts for itself. */
  users: z.record(z.string().regex(/\S/, 'what the application calls a user'), userIdText.nullable()).default({}),
  unmapped: z.enum(['same', 'refuse']).optional(),
  creation: creationSchema,
  states: z.record(idText, idText).default({}),
  freshFor: duration().optional(),
});

export type SourceEntry = z.output<typeof sourceSchema>;
