import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connectors } from '../../../connectors/index.js';
import { loadConfiguration } from '../../../src/config/load-configuration.js';

const docs = path.resolve(import.meta.dirname, '../../../docs/connectors');
const SECRETS = { SIGNING_PASSWORD: 'a password', SIGNING_CALL_BACK_SECRET: 'a secret of ours for calls back' };

const TOWN = `authority:
  title: Petite Ville
  organisations: [{id: direction-generale, title: Direction}]
  users: [{id: ged, source: ged}]
  meetingConfigs: [{id: meeting-config-college, shortName: College, title: Collège, usingOrganisations: [direction-generale], annexTypes: [{id: annexe, title: Annexe}]}]
`;

function exampleOf(file: string): string {
  return /```yaml\n(.*?)```/s.exec(fs.readFileSync(path.join(docs, file), 'utf8'))?.[1] ?? '';
}

describe('the guides of signing sessions', () => {
  let folder: string;
  beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-guide-')); });
  afterEach(() => { fs.rmSync(folder, { recursive: true }); });

  it('show one example, which is a configuration that works: items are approved before they are gathered', async () => {
    expect(exampleOf('signing-session.fr.md')).to.equal(exampleOf('signing-session.md')).and.to.not.equal('');
    const file = path.join(folder, 'relais.yaml');
    fs.writeFileSync(file, TOWN + exampleOf('signing-session.md').replace(/^(?=.)/gm, '  '));
    const { authorities: [town] } = await loadConfiguration(file, SECRETS, { connectors });
    const [step] = town?.authority.flows[0]?.steps ?? [];
    expect(step).to.deep.include({ id: 'sign', connector: 'signing', operation: 'sign', waitFor: ['validated'] });
    expect(step?.results).to.deep.include({ stateWhenRejected: 'itemcreated' });
  });

  it('have the same sections in both languages', () => {
    const outline = (file: string) => fs.readFileSync(path.join(docs, file), 'utf8').split('\n').filter((line) => /^#{1,6} |^\|/.test(line)).map((line) => (line.startsWith('|') ? '|' : line.split(' ', 1)[0]));
    expect(outline('signing-session.fr.md')).to.deep.equal(outline('signing-session.md'));
  });
});
