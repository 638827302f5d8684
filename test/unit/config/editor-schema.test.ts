import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { connectors } from '../../../connectors/index.js';
import { schemaFiles } from '../../../scripts/schema-files.js';
import type { JsonSchema } from '../../../src/config/editor-schema.js';

const root = path.resolve(import.meta.dirname, '../../..');
const files = schemaFiles();
const [main, authority] = [...files.values()].map((text) => JSON.parse(text) as JsonSchema);

function at(schema: JsonSchema | undefined, ...keys: string[]): JsonSchema | undefined {
  return keys.reduce<JsonSchema | undefined>((found, key) => (key === '*' ? found?.items : found?.properties?.[key]), schema);
}

/** Keys of the data that the schema does not know. */
function unknownKeys(data: unknown, schema: JsonSchema | undefined, place = ''): string[] {
  if (schema === undefined) return [];
  const branches = schema.anyOf ?? [schema];
  if (Array.isArray(data)) return data.flatMap((entry, index) => unknownKeys(entry, branches.find(({ items }) => items !== undefined)?.items, `${place}[${index}]`));
  if (typeof data !== 'object' || data === null) return [];
  const found = branches.map((branch) => Object.entries(data).flatMap(([key, value]) => {
    const below = branch.properties?.[key] ?? branch.additionalProperties;
    if (below === false) return [`${place}.${key}`];
    return typeof below === 'object' ? unknownKeys(value, below, `${place}.${key}`) : [];
  }));
  return found.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

describe('the JSON Schemas for editors', () => {
  for (const [file, text] of files) {
    it(`${path.relative(root, file)} is what \`npm run schema\` writes`, () => {
      expect(fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text, 'run: npm run schema').to.equal(true);
    });
  }

  it('know every key of the demonstration, which names its schema', () => {
    const demo = fs.readFileSync(path.join(root, 'config/relais.yaml'), 'utf8');
    expect(demo.split('\n')[0]).to.equal('# yaml-language-server: $schema=relais.schema.json');
    expect(unknownKeys(parse(demo), main)).to.deep.equal([]);
    expect(unknownKeys({ authority: { titel: 'x', flows: [{ steps: [{ conector: 'x' }] }] } }, main)).to.deep.equal(['.authority.titel', '.authority.flows[0].steps[0].conector']);
  });

  it('take the short writings', () => {
    const short = { extends: 'part.yaml', tables: { services: { a: 'b' } }, flows: [{ id: 'x', when: { source: 'ged' }, steps: [{ connector: 'a', after: 'b', fields: { title: 'title', n: 3 }, hours: 'office', waitFor: 'decision' }] }] };
    expect(unknownKeys(short, authority)).to.deep.equal([]);
    expect(at(authority, 'flows', '*', 'when', 'source')?.anyOf?.map(({ type }) => type)).to.deep.equal(['array', 'string']);
    expect(at(authority, 'flows', '*', 'steps', '*', 'fields')?.additionalProperties).to.have.nested.property('anyOf[1].type').that.deep.equals(['string', 'number', 'boolean']);
  });

  it('ask for settings by the type of the connector', () => {
    const cases = at(authority, 'connectors', '*')?.allOf as { if: JsonSchema; then: JsonSchema }[];
    expect(cases.map(({ if: { properties } }) => properties?.type)).to.deep.equal([...connectors.keys()].map((id) => ({ const: id })));
    const folder = cases.find(({ if: { properties } }) => properties?.type?.const === 'folder');
    expect(Object.keys(at(folder!.then, 'settings')?.properties ?? {})).to.deep.equal(['path', 'create', 'layout', 'roles', 'language']);
  });

  it('require nothing that may be inherited, and let what is inherited be removed', () => {
    expect(authority).to.not.have.property('required');
    expect(at(authority, 'connectors', '*')).to.deep.include({ required: ['id'] });
    expect(at(main, 'centre', 'flows', '*', 'remove')).to.have.property('const', true);
  });

  it('say what keys mean, in the words of the guide', () => {
    expect(at(main, 'server', 'port')?.description).to.match(/^Port, 0 to 65535/);
    expect(at(main, 'centre', 'flows', '*', 'steps', '*', 'retry', 'factor')?.description).to.equal(at(authority, 'flows', '*', 'onRejection', '*', 'retry', 'factor')?.description).and.match(/delay/);
  });
});
