import { z } from 'zod';

/** A JSON Schema, as far as it is looked at here. */
interface Schema {
  readonly secret?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Places (`a.b.0`) of the settings that hold one of the secrets and that the schema does not declare as a secret. */
export function secretsOutside(settings: z.ZodType, value: unknown, secrets: readonly string[]): readonly string[] {
  const schema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) as Schema;
  return undeclared([schema], value, secrets, []);
}

function undeclared(schemas: readonly Schema[], value: unknown, secrets: readonly string[], path: readonly string[]): readonly string[] {
  const possible = schemas.flatMap((schema) => [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]);
  if (typeof value === 'string') return secrets.includes(value) && !possible.some(({ secret }) => secret === true) ? [path.join('.')] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => undeclared(possible.flatMap((schema) => memberSchema(schema, key)), member, secrets, [...path, key]));
}

function memberSchema({ properties, additionalProperties, items }: Schema, key: string): readonly Schema[] {
  return [properties?.[key], typeof additionalProperties === 'object' ? additionalProperties : undefined, items].filter((schema) => schema !== undefined);
}
