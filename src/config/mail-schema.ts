import { z } from 'zod';
import { secret } from '../connector-api/secret.js';
import { duration, idText, oneOrMany, size } from './values.js';
import { placeMembers } from './place-schema.js';

/** An address, or several of them by `*` and `?`; of subjects, any text. */
const patterns = oneOrMany(z.string().min(1).max(320)).prefault([]);

const folderName = z.string().min(1).max(200);

const mailboxSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).optional(),
  encryption: z.enum(['tls', 'starttls', 'none']).default('tls'),
  ca: z.string().min(1).optional(),
  login: z.string().min(1),
  password: secret(),
  folder: folderName.default('INBOX'),
  processed: folderName.default('Processed'),
  errors: folderName.default('Errors'),
  ignored: folderName.default('Ignored'),
  every: duration().prefault('1 min'),
});

const sendersSchema = z.strictObject({
  accept: patterns,
  refuse: patterns,
  automatic: patterns,
  most: z.int().min(1).max(100_000).default(100),
  within: duration().prefault('1 h'),
});

const limitsSchema = z.strictObject({
  size: size().prefault('50 MiB'),
  attachments: z.int().min(1).max(5000).default(500),
  depth: z.int().min(2).max(50).default(10),
  time: duration().prefault('5 min'),
});

/** What letters say of themselves begins with `mail_`. */
const fieldName = z.string().regex(/^(?!mail_)[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'a name of letters, digits and _, that does not begin with mail_');

const routeSchema = z.strictObject({
  from: patterns,
  to: patterns,
  subject: patterns,
  agent: patterns,
  place: z.strictObject(placeMembers).partial().prefault({}),
  organisationOf: z.enum(['agent', 'sender']).optional(),
  function: idText.optional(),
  fields: z.record(fieldName, z.union([z.string().max(20_000), z.boolean(), z.number(), z.array(z.string().max(20_000)).max(1000)])).default({}),
});

/** `mail:` of a deposit. */
export const mailSchema = z.strictObject({
  imap: mailboxSchema.optional(),
  agents: patterns,
  senders: sendersSchema.prefault({}),
  keepMessage: z.boolean().default(true),
  limits: limitsSchema.prefault({}),
  routes: z.array(routeSchema).max(500).default([]),
});

export type MailEntry = z.output<typeof mailSchema>;
