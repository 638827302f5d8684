import { z } from 'zod';
import { secret } from '../../connector-api/secret.js';

export const acmeSettings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the service.'),
  token: secret().describe('What the service gave you to prove who you are.'),
  allowPrivate: z.boolean().default(false).describe('Allow an address of this machine or of a private network.'),
});

export type AcmeSettings = z.infer<typeof acmeSettings>;
