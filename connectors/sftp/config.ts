import { z } from 'zod';
import { secret } from '../../src/connector-api/secret.js';

export const sftpSettings = z.strictObject({
  host: z.string().min(1).describe('Name or address of the server.'),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().min(1).describe('Account on the server.'),
  password: secret().optional().describe('Password of the account, where it has no key.'),
  privateKey: secret().optional().describe('Private key of the account (PEM or OpenSSH), such as ${file:/etc/relais/sftp.key}.'),
  passphrase: secret().optional().describe('Passphrase of the private key.'),
  hostKey: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint such as SHA256:uNiVztksCsDhcc0u9e8BrqiWRl...; leave it out and run the check of the connector to see that of the server').optional()
    .describe('Fingerprint of the key of the server. Nothing is sent without it; the check tells what the server shows.'),
  path: z.string().min(1).default('.').describe('Folder that receives the items; a relative one starts where the account lands.'),
  create: z.boolean().default(false).describe('Make the folder when it is not there.'),
  timeoutMs: z.int().min(100).default(30_000).describe('How long the server may be silent, milliseconds.'),
  keepAliveMs: z.int().min(0).default(10_000).describe('How often a silent connection is kept alive, milliseconds; 0 is never.'),
}).refine(({ password, privateKey }) => (password === undefined) !== (privateKey === undefined), { error: 'one of password and privateKey', path: ['password'] });

export type SftpSettings = z.infer<typeof sftpSettings>;
