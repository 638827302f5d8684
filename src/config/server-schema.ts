import { z } from 'zod';
import { LOG_FORMATS, LOG_LEVELS } from '../platform/create-logger.js';
import { addressRange, baseUrl } from './values.js';

/** `server:` of relais.yaml. Everything has a default; files are relative to the YAML file. */
export const serverSchema = z.strictObject({
  host: z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'a host name or an IP address').default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8080),
  /** Written into the WSDL; without it, the address that the request used. */
  publicUrl: baseUrl.nullable().default(null),
  /** Peers whose X-Forwarded-* headers are believed. */
  trustedProxies: z.array(addressRange).default([]),
  tls: z.strictObject({
    cert: z.string().min(1),
    key: z.string().min(1),
    /** Asks for client certificates and verifies them against this authority. */
    clientCa: z.string().min(1).nullable().default(null),
  }).nullable().default(null),
  metrics: z.strictObject({
    /** False: /metrics answers this machine only. */
    public: z.boolean().default(false),
  }).prefault({}),
  log: z.strictObject({
    level: z.enum(LOG_LEVELS).default('info'),
    format: z.enum(LOG_FORMATS).default('json'),
  }).prefault({}),
}).prefault({});
