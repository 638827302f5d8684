import { z } from 'zod';
import { httpSettings } from '../../connector-api/http-settings.js';
import { secret } from '../../connector-api/secret.js';

export const acmeSettings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the service.'),
  token: secret().describe('What the service gave you to prove who you are.'),
  ...httpSettings,
});

export type AcmeSettings = z.infer<typeof acmeSettings>;
