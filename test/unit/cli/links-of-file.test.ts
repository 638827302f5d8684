import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { linksOfFile } from '../../../src/cli/links-of-file.js';
import { readTextFile, tableRows } from '../../../src/cli/table-file.js';
import { verifyLinks } from '../../../src/cli/verify-links.js';
import type { ConnectorContext } from '../../../src/connector-api/connector.js';
import type { CouncilItem } from '../../../src/connector-api/deliberation.js';

const target = { connector: 'pm', configIds: ['meeting-config-college', 'meeting-config-council'] };
const UID = 'a'.repeat(32);
const link = (externalIdentifier: string, configId: string, upstream: string | null = null) => ({ externalIdentifier, configId, connector: 'pm', upstream });
const linksIn = (text: string) => linksOfFile(text, target).links.map((one) => one.link);

describe('links of a file', () => {
  it('are read with commas, semicolons or tabs, quotes and lines within them, and columns in any order', () => {
    const expected = [link('G,1"x"', 'meeting-config-college', UID), link('G\n2', 'meeting-config-council')];
    for (const [separator, header] of [[',', 'externalIdentifier,meetingConfig,uid'], [';', 'Identifiant externe;Configuration;UID PloneMeeting'], ['\t', 'external_identifier\tmeetingConfigId\titem_uid']] as const) {
      expect(linksIn([header, ['"G,1""x"""', 'meeting-config-college', UID].join(separator), '', ['"G\n2" ', ' meeting-config-council'].join(separator), ''].join('\r\n'))).to.deep.equal(expected);
    }
    expect(linksIn(`uid,sent_to,external id\n,meeting-config-council,G`)).to.deep.equal([link('G', 'meeting-config-council')]);
  });

  it('of a panel name the configs that an element was sent to', () => {
    const expected = [link('e1', 'meeting-config-college'), link('e1', 'meeting-config-council'), link('e2', 'meeting-config-college')];
    expect(linksIn('externalIdentifier;sent_to\ne1;meeting-config-college|meeting-config-council\ne2;meeting-config-college')).to.deep.equal(expected);
    expect(linksIn(JSON.stringify({ e1: target.configIds, e2: ['meeting-config-college'] }))).to.deep.equal(expected);
    expect(linksIn(JSON.stringify([{ externalIdentifier: 'e1', meetingConfigs: target.configIds }, { externalIdentifier: 'e2', meetingConfig: 'meeting-config-college', uid: UID }]))).to.deep.equal([...expected.slice(0, 2), link('e2', 'meeting-config-college', UID)]);
  });

  it('every mistake is shown with its line and column, what was found and what is expected', () => {
    const { links, mistakes } = linksOfFile(`externalIdentifier,meetingConfig,uid\n"a\nb",meeting-config-college,\n,meeting-config-colege,not a uid\nc,,`, target);
    expect(links).to.have.length(1);
    expect(mistakes).to.have.length(4);
    expect(mistakes[0]).to.equal('line 4, column externalIdentifier: found nothing, expected the identifier by which the application knows its element');
    expect(mistakes[1]).to.match(/^line 4, column meetingConfig: found meeting-config-colege, expected .*meeting-config-college/);
    expect(mistakes[2]).to.match(/^line 4, column uid: found not a uid, expected the UID/);
    expect(mistakes[3]).to.equal('line 5, column meetingConfig: found nothing, expected the id of a meeting config');
    expect(linksOfFile('nom,uid\nx,y', target).mistakes).to.deep.equal(['externalIdentifier', 'meetingConfig'].map((name) => `line 1: found the columns «nom», «uid», expected one called ${name}`));
    expect(linksOfFile('', target).mistakes[0]).to.include('found nothing');
    expect(linksOfFile('{"a": ', target).mistakes[0]).to.include('found no JSON');
    expect(linksOfFile(`externalIdentifier,meetingConfig,uid\na,meeting-config-college|meeting-config-council,${UID}`, target).mistakes[0]).to.include('found 2 configs beside a uid');
  });

  it('ten thousand are read at once', () => {
    const rows = Array.from({ length: 10_000 }, (_, number) => `G-${number},meeting-config-college,${UID}`);
    expect(linksIn(['externalIdentifier,meetingConfig,uid', ...rows].join('\n'))).to.have.length(10_000);
  });

  it('texts of Excel and of old Windows are read', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-links-'));
    const file = path.join(folder, 'links.csv');
    try {
      for (const bytes of [Buffer.from('\uFEFFé;à', 'utf8'), Buffer.from('\uFEFFé;à', 'utf16le'), Buffer.from([0xe9, 0x3b, 0xe0])]) {
        await writeFile(file, bytes);
        expect([...tableRows(await readTextFile(file))]).to.deep.equal([{ line: 1, cells: ['é', 'à'] }]);
      }
      const missing = await readTextFile(path.join(folder, 'none.csv')).then(() => '', (error: unknown) => String(error));
      expect(missing).to.include('found no such file');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('asked about over there: missing uids are filled in, what is not there is told, and so is another uid', async () => {
    const there: Readonly<Record<string, readonly string[]>> = { one: ['u1'], two: ['u2', 'u3'], hidden: [] };
    const deliberation = {
      isLinked: (identifier: string) => Promise.resolve(identifier in there),
      async* search({ externalIdentifier = '' }: { readonly externalIdentifier?: string }) { await Promise.resolve(); for (const uid of there[externalIdentifier] ?? []) yield { uid } as CouncilItem; },
    };
    const given = [link('one', 'c'), link('two', 'c'), link('hidden', 'c'), link('hidden', 'c', 'u9'), link('gone', 'c'), link('one', 'c', 'u7'), link('two', 'c', 'u3')];
    const { links, ...rest } = await verifyLinks(given, deliberation, {}, {} as ConnectorContext);
    expect(links).to.have.deep.members([link('one', 'c', 'u1'), link('two', 'c', 'u2'), link('two', 'c', 'u3'), link('hidden', 'c'), link('hidden', 'c', 'u9'), link('two', 'c', 'u3')]);
    expect(rest).to.deep.equal({ filledIn: 3, missing: [link('gone', 'c')], otherUid: [link('one', 'c', 'u7')] });
  });
});
