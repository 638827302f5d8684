import path from 'node:path';
import { z } from 'zod';
import { mailSchema } from './mail-schema.js';
import { placeMembers } from './place-schema.js';
import { duration, idText, size } from './values.js';

const folderSchema = z.strictObject({
  path: z.string().refine((folder) => path.isAbsolute(folder), 'a path from the root such as /srv/finances/${authority}, or ${data}/finances'),
  create: z.boolean().default(false),
  quiet: duration().prefault('5 s'),
  every: duration().prefault('2 s'),
  marker: z.string().regex(/^[._-][A-Za-z0-9._-]{1,20}$/, 'an ending such as .ok').optional(),
  processed: z.string().min(1).default('processed'),
  errors: z.string().min(1).default('errors'),
  keepProcessed: z.int().min(1).max(36_500).optional(),
});

const comparisonSchema = z.strictObject({
  file: z.string().min(1),
  program: z.string().min(1).default('xmllint'),
  timeout: duration().prefault('2 min'),
  onMismatch: z.enum(['warn', 'refuse']).default('warn'),
});

/** One entry of `deposits:`. */
export const depositSchema = z.strictObject({
  id: idText,
  kind: idText,
  place: z.strictObject(placeMembers),
  folder: folderSchema.optional(),
  http: z.boolean().default(false),
  mail: mailSchema.optional(),
  /** The treasury takes 128 MiB at most, and says so better than a limit here would. */
  maxBytes: size().prefault('256 MiB'),
  /** With which PES files are compared. */
  schema: comparisonSchema.optional(),
});

export type DepositEntry = z.output<typeof depositSchema>;
