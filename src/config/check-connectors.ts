import type { z } from 'zod';
import { isSecret } from '../connector-api/secret.js';
import type { Report } from './check-names.js';
import { explainIssue, schemaAt, valueAt } from './explain-issue.js';
import { holdsReference, isSecretReference } from './resolve-references.js';
import { select } from './select.js';
import { isMap } from './sourced.js';
import type { Path } from './yaml-file.js';

type Settings = Readonly<Record<string, unknown>>;

export interface ConnectorKnowledge {
  readonly schemas: ReadonlyMap<string, z.ZodType>;
  readonly simulated: ReadonlyMap<number, Settings>;
}

/** Validates the settings of every configured connector with the schema of its type. `written` is the data before
 * references were resolved, `simulated` the settings of simulated other sides by position, over which the written ones go. Returns the validated settings by position; mistakes are reported. */
export function checkConnectors(data: unknown, written: unknown, { schemas, simulated }: ConnectorKnowledge, report: Report): Map<number, unknown> {
  const settings = new Map<number, unknown>();
  for (const { path, value } of select(data, 'connectors.*')) {
    const schema = schemas.get(String(valueAt(value, ['type'])));
    if (schema === undefined) continue;
    const base = [...path, 'settings'];
    const writtenSettings = valueAt(written, base);
    for (const secret of plainSecrets(writtenSettings, schema)) {
      report([...base, ...secret], 'found a secret in plain text, expected a reference to it: ${env:NAME} or ${file:/path}');
    }
    const ofSimulator = simulated.get(Number(path.at(-1)));
    for (const [key, found] of addressesBeside(valueAt(value, ['settings']), ofSimulator)) report([...base, key], `found an address at ${found}, which is not the simulator; expected no such key, or no \`simulated\``);
    const parsed = schema.safeParse(withSimulated(valueAt(value, ['settings']), ofSimulator));
    if (parsed.success) settings.set(Number(path.at(-1)), parsed.data);
    for (const issue of parsed.error?.issues ?? []) {
      for (const { path: place, message, spot } of explainIssue(issue, schema, writtenSettings)) {
        // A reference that leads nowhere has been reported as such.
        if (!holdsReference(valueAt(value, ['settings', ...place]))) report([...base, ...place], message, spot);
      }
    }
  }
  return settings;
}

/** What is no map is left for the schema to refuse. */
function withSimulated(settings: unknown, simulated: Settings | undefined): unknown {
  if (simulated === undefined || (settings !== undefined && !isMap(settings))) return settings;
  return { ...simulated, ...settings };
}

/** Keys and hosts of addresses that lead away from the simulator: who reads that an other side is simulated believes that nothing leaves. */
function addressesBeside(settings: unknown, simulated: Settings = {}): (readonly [string, string])[] {
  const own = Object.values(simulated).flatMap((value) => (isAddress(value) ? [new URL(value).host] : []));
  return Object.entries(isMap(settings) ? settings : {}).flatMap(([key, value]) => (own.length > 0 && isAddress(value) && !own.includes(new URL(value).host) ? [[key, new URL(value).host] as const] : []));
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value);
}

/** Paths of secret settings whose value stands in the file itself. `written` is the data before references were resolved. */
export function plainSecrets(written: unknown, schema: z.ZodType, at: Path = []): Path[] {
  if (typeof written === 'string') return isSecret(schemaAt(schema, at)) && !isSecretReference(written) ? [at] : [];
  if (typeof written !== 'object' || written === null) return [];
  const entries: (readonly [string | number, unknown])[] = Array.isArray(written) ? [...(written as unknown[]).entries()] : Object.entries(written);
  return entries.flatMap(([key, value]) => plainSecrets(value, schema, [...at, key]));
}
