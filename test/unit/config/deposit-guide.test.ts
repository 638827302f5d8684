import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { ROUTES } from '../../../src/deposit/http/routes.js';
import { load, SMALL } from './temporary-configuration.js';

const docs = path.resolve(import.meta.dirname, '../../../docs');
const page = (file: string): string => fs.readFileSync(path.join(docs, file), 'utf8');

describe('the pages on deposits', () => {
  for (const file of ['deposit.md', 'deposit.fr.md']) {
    it(`${file} shows a configuration that works`, async () => {
      const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(page(file)) ?? [];
      const { authorities: [town] } = await load({ 'relais.yaml': `${SMALL.replace('- id: ged', '- id: finances\n    - id: ged').replace('- id: college', '- id: meeting-config-college')}${yaml.replace(/^/gm, '  ')}` });
      expect(town?.authority.deposits[0]?.folder).to.include({ path: '/srv/finances/default', keepProcessedDays: 90 });
    });

    it(`${file} tells every status that a deposit is answered with`, () => {
      const told = [...page(file).matchAll(/^\| ((?:\d{3}(?:, )?)+) \|/gm)].flatMap(([, statuses = '']) => statuses.split(', ').map(Number));
      expect(told.toSorted()).to.deep.equal([...ROUTES.deposit.methods.POST].toSorted());
    });

    it(`${file} leads to pages that there are`, () => {
      for (const [, link = ''] of page(file).matchAll(/\]\(([^)#:]+)\)/g)) expect(fs.existsSync(path.join(docs, link)), link).to.equal(true);
    });
  }

  it('have the same parts in both languages', () => {
    const outline = (text: string): string[] => text.match(/^#+ |^```|^\*\*|^\*|^\|/gm) ?? [];
    expect(outline(page('deposit.fr.md'))).to.deep.equal(outline(page('deposit.md')));
  });
});
