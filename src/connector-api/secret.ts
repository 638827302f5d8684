import { z } from 'zod';

/** Schema of a setting that is a secret (password, key, token). The configuration must give it as `${env:NAME}` or
 * `${file:/path}`, never as plain text; the connector receives the value, and the logger hides it. */
export function secret(): z.ZodString {
  return z.string().min(1).meta({ secret: true });
}

/** True for a schema made by `secret`. */
export function isSecret(schema: z.core.$ZodType | undefined): boolean {
  return schema instanceof z.ZodType && schema.meta()?.secret === true;
}
