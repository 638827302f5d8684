import { z } from 'zod';
import { isPasswordHash } from '../identity/hash-password.js';
import { normaliseSubject } from '../identity/certificate-subject.js';
import { connectorSchema } from './connector-schema.js';
import { depositSchema } from './deposit-schema.js';
import { flowSchema, hoursSchema } from './flow-schema.js';
import { meetingConfigSchema } from './meeting-config-schema.js';
import { serverSchema } from './server-schema.js';
import { sourceSchema } from './source-schema.js';
import { tableSchema } from './table-schema.js';
import { duration, idText, longText, mailAddress, nameText, oneOrMany, size, timeZone, uidText, userIdText } from './values.js';

/** Ids of authorities stand first in addresses, where these names are taken. */
const TAKEN_IDS = ['ws4pm', 'ws4pm.wsdl', 'healthz', 'readyz', 'metrics', 'console', 'deposit'];

export const authorityIdText = z.string()
  .regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'an id of small letters, digits and - (at most 50)')
  .refine((id) => !TAKEN_IDS.includes(id), `another id: ${TAKEN_IDS.join(', ')} are addresses of the server`);

const organisationSchema = z.strictObject({
  id: idText,
  uid: uidText.optional(),
  title: nameText,
  description: longText.default(''),
  active: z.boolean().default(true),
  members: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'a sub-group such as creators or reviewers'), z.array(userIdText)).default({}),
});

const userSchema = z.strictObject({
  id: userIdText,
  fullname: nameText.optional(),
  email: z.literal('').or(mailAddress).default(''),
  roles: z.array(z.enum(['Member', 'Manager'])).min(1).default(['Member']),
  source: idText.optional(),
  memberArea: z.boolean().default(true),
  password: z.string().refine(isPasswordHash, 'a hash made by `relais users hash`, or ${env:NAME} or ${file:/path} that gives one').optional(),
  certificates: z.array(z.string().refine((subject) => normaliseSubject(subject) !== null, 'a subject such as CN=ged.example.be,O=Ville,C=BE')).default([]),
  demo: z.boolean().default(false),
});

/** Generous: an annex of 500 MiB is 667 MiB of base64. Named as the faults name them. */
const limitsSchema = z.strictObject({
  requestBytes: size().prefault('1 GiB'),
  textBytes: size().prefault('4 MiB'),
  depth: z.int().min(10).max(10_000).default(100),
  elements: z.int().min(100).max(10_000_000).default(50_000),
  attributes: z.int().min(100).max(10_000_000).default(10_000),
  idleMs: duration().prefault('30 s'),
}).prefault({});

const ws4pmSchema = z.strictObject({
  dates: z.enum(['utc', 'local-as-utc']).default('utc'),
  timeZone: timeZone.default('Europe/Brussels'),
  clientFaultStatus: z.literal([200, 500]).default(500),
  htmlWarnings: z.enum(['any', 'real']).default('any'),
  language: z.enum(['fr', 'en']).default('fr'),
}).prefault({});

const retentionSchema = z.strictObject({
  kind: oneOrMany(idText).default([]),
  state: oneOrMany(idText).default([]),
  days: z.int().min(1).max(36_500),
});

const incidentsSchema = z.strictObject({
  mailTo: z.array(mailAddress).default([]),
  /** `none`: a mail for each incident when it begins and when it ends. */
  digest: z.enum(['none', 'daily', 'hourly']).default('none'),
}).prefault({});

/** An authority file: everything that belongs to one town. */
export const authoritySchema = z.strictObject({
  /** Parts that are read first; what stands here overrides them. Gone once they are merged. */
  extends: oneOrMany(z.string().min(1)).optional(),
  title: nameText,
  organisations: z.array(organisationSchema).min(1),
  users: z.array(userSchema).min(1),
  meetingConfigs: z.array(meetingConfigSchema).default([]),
  connectors: z.array(connectorSchema).default([]),
  flows: z.array(flowSchema).default([]),
  deposits: z.array(depositSchema).default([]),
  tables: z.record(idText, tableSchema).default({}),
  hours: z.record(idText, hoursSchema).default({}),
  retention: z.array(retentionSchema).default([]),
  incidents: incidentsSchema,
  limits: limitsSchema,
  ws4pm: ws4pmSchema,
  /** Applications that are to be understood or answered otherwise than they are by themselves. */
  sources: z.array(sourceSchema).default([]),
});

/** What all authorities of the installation inherit: any key of an authority. */
export const centreSchema = authoritySchema.omit({ title: true }).partial();

/** The authority of the main file, whose id is not the name of its file. */
export const mainAuthoritySchema = authoritySchema.extend({ id: authorityIdText.default('default') });

/** relais.yaml: the server, what all authorities inherit, and the authority at its root if there is one. */
export const mainFileSchema = z.strictObject({
  server: serverSchema,
  centre: centreSchema.optional(),
  authority: mainAuthoritySchema.optional(),
});

export type AuthorityEntry = z.output<typeof authoritySchema>;
export type ServerEntry = z.output<typeof serverSchema>;
