import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { folderSettings } from '../../../connectors/folder/config.js';
import { mainFileSchema } from '../../../src/config/authority-schema.js';
import { schemaAt } from '../../../src/config/explain-issue.js';
import { readGuide } from '../../../scripts/read-guide.js';

const docs = path.resolve(import.meta.dirname, '../../../docs');

/** What has the keys of another section is described there. */
const DESCRIBED_ELSEWHERE = ['centre', 'flows.onRejection'];

/** Keys of every map of a schema, by the path that the guides write: `meetingConfigs.meetings`. */
function keysByPath(schema: z.core.$ZodType, at = ''): Map<string, string[]> {
  const bare = schemaAt(schema, []);
  if (DESCRIBED_ELSEWHERE.includes(at)) return new Map();
  if (bare instanceof z.ZodArray) return keysByPath(bare.element, at);
  if (bare instanceof z.ZodRecord) return keysByPath(bare.valueType, at);
  if (!(bare instanceof z.ZodObject)) return new Map();
  const found = new Map([[at, Object.keys(bare.shape)]]);
  for (const [key, value] of Object.entries(bare.shape)) {
    // A town's own file begins inside `authority`, so paths leave it out.
    const below = keysByPath(value, at === '' || at === 'authority' ? key : `${at}.${key}`);
    for (const [name, keys] of below) found.set(name, keys);
  }
  return found;
}

/** Keys of the tables of a guide, by section. */
function documentedKeys(file: string): Map<string, string[]> {
  return new Map([...readGuide(path.join(docs, file))].map(([section, rows]) => [section, rows.map(({ key }) => key)]));
}

describe('the administrator\'s guides', () => {
  const expected = new Map([...keysByPath(mainFileSchema), ['folder', Object.keys(folderSettings.shape)]]);

  it('the schema has the maps that are compared', () => {
    expect([...expected.keys()]).to.include.members(['', 'server.tls', 'authority', 'users', 'meetingConfigs.meetings.assembly.attendees', 'flows.steps.retry', 'flows.steps.fields', 'tables', 'hours', 'folder']);
  });

  for (const file of ['admin.md', 'admin.fr.md']) {
    const documented = documentedKeys(file);

    for (const [name, keys] of expected) {
      it(`${file} has a row for each key of ${name === '' ? 'the root' : name}, and no other`, () => {
        expect(documented.get(name) ?? []).to.have.members(keys);
      });
    }

    it(`${file} has no section that the schema lacks`, () => {
      expect([...expected.keys()]).to.include.members([...documented.keys()]);
    });
  }

  it('show YAML that can be read, with keys that there are', () => {
    const known = new Set([...expected.values()].flat());
    for (const file of ['admin.md', 'admin.fr.md']) {
      const blocks = [...fs.readFileSync(path.join(docs, file), 'utf8').matchAll(/^( *)```yaml\n([^]*?)^ *```/gm)].map(([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
      expect(blocks, file).to.have.length.above(7);
      for (const block of blocks) for (const key of Object.keys(parse(block) as object)) expect([...known, 'workflow', 'fields'], `${file}: ${block}`).to.include(key);
    }
  });

  it('have the same sections and links', () => {
    const outline = (file: string): number => fs.readFileSync(path.join(docs, file), 'utf8').match(/^#{1,3} /gm)?.length ?? 0;
    expect(outline('admin.fr.md')).to.equal(outline('admin.md'));
    for (const file of ['admin.md', 'admin.fr.md']) {
      for (const [, link = ''] of fs.readFileSync(path.join(docs, file), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)) {
        expect(fs.existsSync(path.join(docs, link)), `${file}: ${link}`).to.equal(true);
      }
    }
  });
});
