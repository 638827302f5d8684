import { expect } from 'chai';
import { describeConnector, withDirectories, type ConnectorRow } from '../../../src/cli/connector-rows.js';
import { tellingOf } from '../../../src/cli/look-at-deliveries.js';
import { operatorWords } from '../../../src/cli/operator-words.js';
import type { CouncilDirectory } from '../../../src/connector-api/deliberation.js';
import type { CopyStore } from '../../../src/facade/store.js';
import { seeAgain } from '../../../src/facade/seen-directory.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2027, 2, 1, 9);

const row = (connector: string): ConnectorRow => ({ connector, type: 'plonemeeting-rest', simulated: false, certificateEnds: null, state: null, counts: [] });

const config = { uid: 'u', title: 'Collège', description: '', categories: null, usedAttributes: null };
const meeting = { uid: 'm', id: 'm', date: NOW, state: 'created', acceptsItems: true };
const directory: CouncilDirectory = {
  version: '4.2.18', organisations: [{ uid: 'o', id: 'voirie', title: 'Voirie', description: '' }],
  configs: [{ ...config, id: 'college', meetings: [meeting, { ...meeting, uid: 'n' }] }, { ...config, id: 'conseil', meetings: [] }],
};

/** A store in which one connector was seen so long ago. */
function copies(value: unknown, ago: number): Pick<CopyStore, 'read'> {
  return { read: (_authority, connector, kind, key) => Promise.resolve(connector === 'pm' && kind === 'directory' && key === '' ? { value, at: NOW - ago } : null) };
}

async function lines(value: unknown, ago: number, lang: 'fr' | 'en'): Promise<string[]> {
  const rows = await withDirectories(copies(value, ago), 'default', [row('pm'), row('archive')]);
  return rows.flatMap((one) => describeConnector(one, { ...tellingOf({ lang }), now: NOW }, operatorWords(lang)));
}

describe('connectors as they are listed', () => {
  it('tell what a system behind is made of, and from when that is', async () => {
    const seen = seeAgain(null, directory);
    expect(await lines(seen, 3 * MINUTE, 'fr')).to.deep.equal([
      'pm (plonemeeting-rest) : en marche', '  vu il y a 3 minutes : version 4.2.18, 2 types de séance, 1 service, 2 séances', '  rien n\'attend',
      'archive (plonemeeting-rest) : en marche', '  rien n\'attend',
    ]);
    expect((await lines(seen, 20_000, 'en'))[1]).to.equal('  seen some moments ago: version 4.2.18, 2 meeting configs, 1 organisation, 2 meetings');
  });

  it('say that it was not seen for long', async () => {
    const seen = seeAgain(null, directory);
    expect((await lines(seen, 26 * 60 * MINUTE, 'en'))[1]).to.match(/^ {2}seen 1 day ago: .*; not since: it does not answer, or the gateway is stopped$/);
    expect((await lines(seen, 26 * 60 * MINUTE, 'fr'))[1]).to.match(/pas depuis : il ne répond pas, ou la passerelle est arrêtée$/);
  });

  it('give nothing of a copy in a form that this version does not read', async () => {
    expect(await lines({ form: 2, directory }, MINUTE, 'fr')).to.have.length(4);
  });
});
