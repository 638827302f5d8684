import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';

export const webdavSettings = z.strictObject({
  url: httpAddress('the address of a folder, such as https://cloud.ville.example/dav/relais').describe('Folder (collection) that receives the items; it must exist.'),
  user: z.string().regex(/^[^:\p{Cc}]+$/u, 'a name without colon').optional().describe('Account, where the server asks for one.'),
  password: secret().optional(),
  ...httpSettings,
}).refine(({ user, password }) => (user === undefined) === (password === undefined), { error: 'user and password, or none of both', path: ['password'] });

export type WebdavSettings = z.infer<typeof webdavSettings>;
