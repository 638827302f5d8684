import path from 'node:path';
import { connectors } from '../connectors/index.js';
import { editorSchemas } from '../src/config/editor-schema.js';
import { readGuide } from './read-guide.js';

const root = path.resolve(import.meta.dirname, '..');

/** The JSON Schemas of the configuration, path → text, as they must be: the keys come from the code, what they mean from
 * the administrator's guide. */
export function schemaFiles(): Map<string, string> {
  const sections = readGuide(path.join(root, 'docs/admin.md'));
  const descriptions = new Map([...sections].flatMap(([section, rows]) => rows.map(({ key, meaning }) => [section === '' ? key : `${section}.${key}`, meaning])));
  const { main, authority } = editorSchemas(connectors, descriptions);
  const text = (json: unknown): string => `${JSON.stringify(json, null, 1)}\n`;
  return new Map([[path.join(root, 'config/relais.schema.json'), text(main)], [path.join(root, 'config/authority.schema.json'), text(authority)]]);
}
