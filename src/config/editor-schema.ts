import { z } from 'zod';
import { authoritySchema, mainFileSchema } from './authority-schema.js';
import type { ConnectorDescription } from './connector-facts.js';
import { LISTS_BY_ID, NAMED_MAPS } from './merge-layers.js';
import { fieldValue, shortWritings } from './values.js';

/** A JSON Schema, as far as it is looked at here. */
export interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  required?: string[];
  description?: string;
  [keyword: string]: unknown;
}

/** What a key means, by the path that the guide writes: `server.tls.cert`, `flows.steps.retry`. */
export type KeyDescriptions = ReadonlyMap<string, string>;

type Connectors = ReadonlyMap<string, ConnectorDescription>;

/** JSON Schemas for editors, of the main file and of an authority's own file or part. They complete and describe; what
 * `relais config check` finds goes far beyond. */
export function editorSchemas(connectors: Connectors, descriptions: KeyDescriptions): { readonly main: JsonSchema; readonly authority: JsonSchema } {
  const main = toJson(mainFileSchema);
  for (const section of ['centre', 'authority']) adaptAuthority(main.properties?.[section], connectors);
  describe(main, '', descriptions);
  const authority = toJson(authoritySchema);
  adaptAuthority(authority, connectors);
  describe(authority, 'authority', descriptions);
  return { main: titled('relais.yaml of Relais', main), authority: titled('An authority of Relais, or a part that authorities extend', authority) };
}

function titled(title: string, json: JsonSchema): JsonSchema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...json };
}

function toJson(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input', target: 'draft-7', unrepresentable: 'any', reused: 'inline',
    override: ({ zodSchema, jsonSchema }) => {
      const short = shortWritings.get(zodSchema)?.short;
      if (short !== undefined) widen(jsonSchema as JsonSchema, short);
    },
  });
  delete json.$schema;
  return json as JsonSchema;
}

/** What is required may be inherited, and what is inherited may be changed or removed. */
function adaptAuthority(json: JsonSchema | undefined, connectors: Connectors): void {
  const properties = json?.properties ?? {};
  if (json !== undefined) delete json.required;
  for (const list of LISTS_BY_ID) letRemove(properties[list]?.items, ['id']);
  for (const map of NAMED_MAPS) letRemove(entriesOf(properties[map]), []);
  const table = entriesOf(properties.tables);
  if (table !== undefined) widen(table, { type: 'object', additionalProperties: toJson(fieldValue) });
  if (properties.connectors?.items !== undefined) adaptConnector(properties.connectors.items, connectors);
}

function letRemove(entry: JsonSchema | undefined, required: string[]): void {
  if (entry === undefined) return;
  entry.required = required;
  entry.properties = { ...entry.properties, remove: { const: true, description: 'Drops the entry that is inherited.' } };
}

/** Settings as the type asks. A reference may stand in the place of any text, whatever its form. */
function adaptConnector(entry: JsonSchema, connectors: Connectors): void {
  const types = [...connectors.keys()];
  entry.properties = { ...entry.properties, type: { anyOf: [{ enum: types }, { type: 'string' }] } };
  entry.allOf = [...connectors].map(([type, { settings }]) => ({
    if: { properties: { type: { const: type } }, required: ['type'] },
    then: { properties: { settings: withoutForms(toJson(settings)) } },
  }));
}

function withoutForms(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutForms);
  if (typeof json !== 'object' || json === null) return json;
  const kept = Object.entries(json).filter(([keyword]) => !['pattern', 'format', 'required', 'secret'].includes(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, withoutForms(value)]));
}

/** The value may also be written shorter. */
function widen(json: JsonSchema, short: JsonSchema): void {
  const full = { ...json };
  for (const keyword of Object.keys(json)) Reflect.deleteProperty(json, keyword);
  json.anyOf = [full, short];
}

function describe(json: JsonSchema, at: string, descriptions: KeyDescriptions): void {
  for (const [key, child] of Object.entries(json.properties ?? {})) {
    const meaning = descriptions.get(at === '' ? key : `${at}.${key}`);
    if (meaning !== undefined) child.description = meaning;
    describe(child, sectionBelow(at, key), descriptions);
  }
  for (const inner of [json.items, entriesOf(json), ...json.anyOf ?? []]) if (inner !== undefined) describe(inner, at, descriptions);
}

/** The guide leaves `authority` out of paths, and describes once what has the same keys. */
function sectionBelow(at: string, key: string): string {
  if (at === '' && key === 'centre') return 'authority';
  if (at === '' || at === 'authority') return key;
  if (at === 'flows' && key === 'onRejection') return 'flows.steps';
  return at === 'flows.steps' && key === 'hours' ? 'hours' : `${at}.${key}`;
}

function entriesOf(json: JsonSchema | undefined): JsonSchema | undefined {
  return typeof json?.additionalProperties === 'object' ? json.additionalProperties : undefined;
}
