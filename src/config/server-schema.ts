import { z } from 'zod';
import { secret } from '../connector-api/secret.js';
import { LOG_FORMATS, LOG_LEVELS } from '../platform/create-logger.js';
import { addressRange, baseUrl, duration, mailAddress, webUrl } from './values.js';

const host = z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'a host name or an IP address');
const port = z.int().min(0).max(65_535);
const file = z.string().min(1);

const tlsSchema = z.strictObject({
  cert: file,
  key: file,
  /** Asks for client certificates and verifies them against this authority. */
  clientCa: file.nullable().default(null),
});

const storeSchema = z.strictObject({
  engine: z.enum(['sqlite', 'postgres']).default('sqlite'),
  /** Address of the database, with its password. */
  url: secret().optional(),
  /** Connections of one process. */
  poolSize: z.int().min(4).max(200).default(10),
  /** Where the bytes of annexes are: a folder that all processes share, or the database. */
  blobs: z.enum(['folder', 'database']).default('folder'),
}).refine(({ engine, url }) => engine === 'sqlite' || url !== undefined, { path: ['url'], error: 'a reference to the address of the database, such as ${env:DATABASE_URL}' })
  .refine(({ engine, url }) => engine === 'postgres' || url === undefined, { path: ['url'], error: 'nothing, or `engine: postgres`' })
  .refine(({ engine, blobs }) => engine === 'postgres' || blobs === 'folder', { path: ['blobs'], error: 'folder, or `engine: postgres`' });

const mailSchema = z.strictObject({
  host,
  port: port.default(587),
  /** TLS from the first byte (port 465); otherwise STARTTLS where the server offers it. */
  secure: z.boolean().default(false),
  user: z.string().min(1).nullable().default(null),
  password: secret().nullable().default(null),
  from: mailAddress,
}).refine(({ user, password }) => (user === null) === (password === null), { path: ['password'], error: 'user and password together' });

const deliverySchema = z.strictObject({
  /** Deliveries under way at once in one process. */
  concurrency: z.int().min(1).max(500).default(16),
  /** A process that stands still for so long loses its deliveries to the others. */
  lease: duration().prefault('60 s'),
});

/** RFC 3161. */
const timestampsSchema = z.strictObject({
  url: webUrl,
  /** Certificates that its answers are verified with. */
  ca: file,
  /** A seal is made after this time, or after so many entries of the journal. */
  everyMinutes: z.int().min(1).max(10_080).default(60),
  everyEntries: z.int().min(1).max(1_000_000).default(10_000),
});

/** `server:` of relais.yaml. Everything has a default; files are relative to the YAML file. */
export const serverSchema = z.strictObject({
  host: host.default('127.0.0.1'),
  port: port.default(8080),
  /** Written into the WSDL; without it, the address that the request used. */
  publicUrl: baseUrl.nullable().default(null),
  /** Peers whose X-Forwarded-* headers are believed. */
  trustedProxies: z.array(addressRange).default([]),
  tls: tlsSchema.nullable().default(null),
  /** npm packages, or files, that hold further connectors. */
  connectors: z.array(z.string().min(1)).default([]),
  store: storeSchema.prefault({}),
  mail: mailSchema.nullable().default(null),
  delivery: deliverySchema.prefault({}),
  timestamps: timestampsSchema.nullable().default(null),
  metrics: z.strictObject({
    /** False: /metrics answers this machine only. */
    public: z.boolean().default(false),
  }).prefault({}),
  log: z.strictObject({
    level: z.enum(LOG_LEVELS).default('info'),
    format: z.enum(LOG_FORMATS).default('json'),
  }).prefault({}),
}).prefault({});
