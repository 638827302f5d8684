import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { load, SMALL } from './temporary-configuration.js';

const docs = path.resolve(import.meta.dirname, '../../../docs');
const page = (file: string): string => fs.readFileSync(path.join(docs, file), 'utf8');

describe('the pages on mail', () => {
  for (const file of ['mail.md', 'mail.fr.md']) {
    it(`${file} shows a configuration that works`, async () => {
      const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(page(file)) ?? [];
      const { authorities: [town] } = await load({ 'relais.yaml': `${SMALL.replace('- id: college', '- id: meeting-config-college')}${yaml.replace(/^/gm, '  ')}` }, { IMAP_PASSWORD: 'a password' });
      expect(town?.authority.deposits[0]?.mail?.mailbox).to.include({ host: 'imap.ville.example', port: 993, processed: 'Traités' });
    });

    it(`${file} leads to pages that there are`, () => {
      for (const [, link = ''] of page(file).matchAll(/\]\(([^)#:]+)\)/g)) expect(fs.existsSync(path.join(docs, link)), link).to.equal(true);
    });
  }

  it('have the same parts in both languages', () => {
    const outline = (text: string): string[] => text.match(/^#+ |^```|^\*\*|^\*|^\|/gm) ?? [];
    expect(outline(page('mail.fr.md'))).to.deep.equal(outline(page('mail.md')));
  });
});
