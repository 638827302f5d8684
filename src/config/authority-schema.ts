import { z } from 'zod';
import { isPasswordHash } from '../identity/hash-password.js';
import { normaliseSubject } from '../identity/certificate-subject.js';
import { meetingConfigSchema } from './meeting-config-schema.js';
import { serverSchema } from './server-schema.js';
import { duration, idText, longText, nameText, oneOrMany, size, timeZone, uidText, userIdText } from './values.js';

/** Ids of authorities stand first in addresses, where these names are taken. */
const TAKEN_IDS = ['ws4pm', 'ws4pm.wsdl', 'healthz', 'readyz', 'metrics', 'console'];

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
  email: z.string().regex(/^(?:[^\s@]+@[^\s@]+)?$/, 'a mail address').default(''),
  roles: z.array(z.enum(['Member', 'Manager'])).min(1).default(['Member']),
  source: idText.optional(),
  memberArea: z.boolean().default(true),
  password: z.string().refine(isPasswordHash, 'a hash made by `relais users hash`, or ${env:NAME} or ${file:/path} that gives one').optional(),
  certificates: z.array(z.string().refine((subject) => normaliseSubject(subject) !== null, 'a subject such as CN=ged.example.be,O=Ville,C=BE')).default([]),
  demo: z.boolean().default(false),
});

const connectorSchema = z.strictObject({
  id: idText,
  type: idText,
  /** Checked by the connector's own schema. */
  settings: z.unknown().optional(),
});

const retrySchema = z.strictObject({
  firstDelay: duration().prefault('30 s'),
  factor: z.number().min(1).max(10).default(2),
  maxDelay: duration().prefault('1 h'),
  /** With the other defaults about four days: a long weekend without the remote. */
  maxAttempts: z.int().min(1).max(10_000).default(100),
}).prefault({});

const flowSchema = z.strictObject({
  id: idText,
  when: z.strictObject({
    source: oneOrMany(idText).optional(),
    kind: oneOrMany(idText).optional(),
    meetingConfig: oneOrMany(idText).optional(),
    condition: z.string().min(1).optional(),
  }).prefault({}),
  steps: z.array(z.strictObject({
    id: idText.optional(),
    connector: idText,
    /** May be left out where the connector has one operation. */
    operation: idText.optional(),
    retry: retrySchema,
  })).min(1),
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

/** An authority file: everything that belongs to one town. */
export const authoritySchema = z.strictObject({
  title: nameText,
  organisations: z.array(organisationSchema).min(1),
  users: z.array(userSchema).min(1),
  meetingConfigs: z.array(meetingConfigSchema).default([]),
  connectors: z.array(connectorSchema).default([]),
  flows: z.array(flowSchema).default([]),
  limits: limitsSchema,
  ws4pm: ws4pmSchema,
});

/** relais.yaml: the server, and the authority at its root if there is one. */
export const mainFileSchema = z.strictObject({
  server: serverSchema,
  authority: authoritySchema.extend({ id: authorityIdText.default('default') }).optional(),
});

export type AuthorityEntry = z.output<typeof authoritySchema>;
export type ServerEntry = z.output<typeof serverSchema>;
