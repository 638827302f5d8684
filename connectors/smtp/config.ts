import { z } from 'zod';
import { secret } from '../../src/connector-api/secret.js';
import { isTimeZone } from '../../src/domain/wall-clock.js';
import { parseAddress } from './address.js';
import { readTemplate } from './template.js';

const MIB = 2 ** 20;

/** A template as its file holds it. */
const template = z.string().superRefine((source, context) => {
  const read = readTemplate(source);
  for (const { line, message } of 'mistakes' in read ? read.mistakes : []) context.addIssue({ code: 'custom', message: `a template without mistakes; line ${line}: ${message}` });
});

export const smtpSettings = z.strictObject({
  host: z.string().min(1).describe('Name or address of the mail server.'),
  port: z.int().min(1).max(65_535).optional().describe('587 if not given, 465 with encryption tls, 25 without encryption.'),
  encryption: z.enum(['starttls', 'tls', 'none']).default('starttls').describe('starttls: the server must offer it. tls: from the first byte. none: only where nobody else is on the network.'),
  ca: z.string().min(1).optional().describe('Certificate of the authority that signed that of the server (PEM), trusted beside those of the system.'),
  user: z.string().min(1).optional().describe('Account on the server, where it asks for one.'),
  password: secret().optional(),
  from: z.string().refine((text) => parseAddress(text) !== undefined, 'an address such as relais@ville.example, or Ville <relais@ville.example>').describe('Sender of the mails.'),
  attachConfidential: z.boolean().default(false).describe('Attach annexes that are confidential, too. A mail can be read on its way.'),
  maxBytes: z.int().min(1024).default(20 * MIB).describe('A mail that would be larger, attachments included, is not sent. Bytes.'),
  resendWhenUnknown: z.boolean().default(false).describe('Send again when the answer of the server was lost. The mail may then arrive twice.'),
  templates: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'an id of letters, digits, - _ .'), template).default({}).describe('Subjects and texts with placeholders, by the name that the field template gives: ${file:templates/decision.txt}.'),
  timeZone: z.string().min(1).refine(isTimeZone, 'a time zone such as Europe/Brussels').default('Europe/Brussels').describe('In which templates write dates.'),
  timeoutMs: z.int().min(100).default(120_000).describe('How long the server may be silent, milliseconds.'),
}).refine(({ user, password }) => (user === undefined) === (password === undefined), { error: 'user and password, or none of both', path: ['password'] });

export type SmtpSettings = z.infer<typeof smtpSettings>;
