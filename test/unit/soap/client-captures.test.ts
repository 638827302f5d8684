import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { read } from './read-message.js';

const folder = path.resolve(import.meta.dirname, '../../../fixtures/soap');

/** Each folder `<operation>__<client or case>` holds `request.xml`, as that client writes it (contracts/soap-clients.md «On the
 * wire, per client»), and `decoded.json`, what it means. */
describe('requests as real clients write them', () => {
  for (const name of fs.readdirSync(folder).filter((entry) => fs.existsSync(path.join(folder, entry, 'decoded.json')))) {
    it(name, async () => {
      const bytes = fs.readFileSync(path.join(folder, name, 'request.xml'));
      const expected: unknown = JSON.parse(fs.readFileSync(path.join(folder, name, 'decoded.json'), 'utf8'));
      expect(name.split('__')[0]).to.equal((expected as { operation: string }).operation);
      for (const chunk of [bytes.length, 1, 13]) expect(await read(bytes, { chunk })).to.deep.equal(expected);
    });
  }
});
