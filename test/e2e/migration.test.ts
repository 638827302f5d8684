import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { openSimulator, type CouncilSoapSimulator } from '../../connectors/plonemeeting-soap/simulator.js';
import { PASSWORD } from '../../src/council-desk/council-town.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { relais, type Ended } from '../support/relais-command.js';
import { call, type SoapAnswer } from '../support/soap-call.js';

const COLLEGE = 'meeting-config-college';
/** «demo» */
const HASH = '$scrypt$ln=14,r=8,p=5$CGt0oMWfQvyH+PXwXphhEA$RSKVVfrHohDfNQmZ9sY7pUSIG6Jgxg5/MlOPGb7TnwY';

const configuration = (settings: Readonly<Record<string, unknown>>): string => `
server: {host: 127.0.0.1, port: 0}
authority:
  title: Ville
  organisations:
    - {id: direction-generale, title: Direction générale, members: {creators: [ged]}}
  users:
    - {id: ged, fullname: GED, email: ged@ville.example, password: "${HASH}", demo: true}
  sources:
    - {id: ged, users: {jdoe: jdupont}}
  meetingConfigs:
    - {id: ${COLLEGE}, shortName: College, title: Collège communal, managers: [ged], backend: {connector: plonemeeting, freshFor: 1 s, readTimeout: 2 s}}
  connectors:
    - {id: plonemeeting, type: plonemeeting-soap, settings: ${JSON.stringify({ ...settings, password: '${env:PM}' })}}
`;

/** docs/migration.md, step by step: a town that puts Relais before a PloneMeeting that runs, an outage, and the way back. */
describe('migration of callers', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();
  const [data, config, links] = [path.join(folder, 'data'), path.join(folder, 'relais.yaml'), path.join(folder, 'links.csv')];
  const environment = { RELAIS_CONFIG: config, RELAIS_DATA: data, PM: PASSWORD };
  let council: CouncilSoapSimulator;
  let gateway: GatewayProcess;
  const old = new Map<string, string>();

  const ask = (operation: string, children: string): Promise<SoapAnswer> => call(`${gateway.url}/ws4pm`, operation, children);
  const direct = (operation: string, children: string): Promise<SoapAnswer> => call(council.url, operation, children, `relais:${PASSWORD}`);
  const run = (...words: string[]): Promise<Ended> => relais([...words, '--lang', 'en'], environment);
  const linked = async (where: typeof ask, identifier: string): Promise<unknown> => (await where('checkIsLinked', `<meetingConfigId>${COLLEGE}</meetingConfigId><externalIdentifier>${identifier}</externalIdentifier>`)).reply['isLinked'];
  const itemsOf = (answer: SoapAnswer) => (answer.reply['itemInfo'] ?? []) as readonly Readonly<Record<string, string>>[];
  const found = async (where: typeof ask, identifier: string) => itemsOf(await where('searchItems', `<externalIdentifier>${identifier}</externalIdentifier><inTheNameOf>${where === direct ? 'jdupont' : 'jdoe'}</inTheNameOf>`));
  const infos = async (uid: string) => itemsOf(await ask('getItemInfos', `<UID>${uid}</UID><showExtraInfos>1</showExtraInfos><inTheNameOf>jdoe</inTheNameOf>`));
  const creation = (title: string, identifier: string): string => `<meetingConfigId>${COLLEGE}</meetingConfigId><proposingGroupId>direction-generale</proposingGroupId>`
    + `<creationData><title>${title}</title><externalIdentifier>${identifier}</externalIdentifier></creationData><inTheNameOf>jdoe</inTheNameOf>`;
  const upstreamHas = (identifier: string): boolean => council.desk.items().some((item) => item.externalIdentifier === identifier);

  before(async () => {
    council = await openSimulator();
    const jdupont = council.desk.user('jdupont');
    const group = council.desk.town().organisations.find(({ id }) => id === 'direction-generale');
    if (jdupont === undefined || group === undefined) throw new Error('the sample town has other people');
    for (const identifier of ['OLD-1', 'OLD-2']) {
      const draft = { configId: COLLEGE, title: `Point ${identifier}`, proposingGroup: group.uid, externalIdentifier: identifier };
      const { item } = await council.desk.createItem({ draft, annexesWhen: 'before-transitions', unknownAnnexType: 'replaced', unusedAttributes: 'refused' }, jdupont);
      old.set(identifier, item.uid);
    }
    fs.writeFileSync(config, configuration(council.settings));
    gateway = await startGateway({ data, config, environment: { PM: PASSWORD } });
  });
  after(async () => {
    await gateway.stop();
    await council.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('the links of callers are looked at, then imported, once', async () => {
    fs.writeFileSync(links, `externalIdentifier;sent_to\nOLD-1;${COLLEGE}\nOLD-2;meeting-config-colege\n`);
    const wrong = await run('import', 'links', links, '--connector', 'plonemeeting');
    expect(wrong.code).to.equal(1);
    expect(wrong.err).to.include('nothing was imported').and.to.include('line 3, column meetingConfig: found meeting-config-colege');

    fs.writeFileSync(links, `externalIdentifier;sent_to\nOLD-1;${COLLEGE}\nOLD-2;${COLLEGE}\nNEVER;${COLLEGE}\n`);
    const dry = await run('import', 'links', links, '--connector', 'plonemeeting', '--verify', '--dry-run');
    expect(dry.out).to.include('Not found over there, left out: NEVER').and.to.include('2 links would be imported');
    expect((await run('import', 'links', links, '--connector', 'plonemeeting', '--verify')).out).to.include('2 links imported, 0 were known already.');
    expect((await run('import', 'links', links, '--connector', 'plonemeeting', '--verify')).out).to.include('0 links imported, 2 were known already.');
  });

  it('callers find what was there before, by its identifier and its UID', async () => {
    expect([await linked(ask, 'OLD-1'), await linked(ask, 'OLD-2'), await linked(ask, 'NEVER')]).to.deep.equal(['true', 'true', 'false']);
    const uid = old.get('OLD-1') ?? '';
    expect((await found(ask, 'OLD-1')).map((item) => item['UID'])).to.deep.equal([uid]);
    expect((await infos(uid)).map((item) => item['title'])).to.deep.equal(['Point OLD-1']);
  });

  it('what they send now arrives over there, with their identifier', async () => {
    const created = await ask('createItem', creation('Nouveau point', 'NEW-1'));
    expect(created.fault).to.equal(null);
    await waitFor(() => upstreamHas('NEW-1'), 30_000, () => gateway.output());
    expect((await infos(String(created.reply['UID']))).map((item) => item['title'])).to.deep.equal(['Nouveau point']);
  });

  it('an outage is seen in nothing but the age of what is read', async () => {
    const uid = old.get('OLD-1') ?? '';
    await infos(uid);
    await council.behave('down');
    try {
      expect([await linked(ask, 'OLD-1'), await linked(ask, 'NEW-1')]).to.deep.equal(['true', 'true']);
      expect((await infos(uid)).map((item) => item['title'])).to.deep.equal(['Point OLD-1']);
      expect((await ask('createItem', creation('Pendant la panne', 'NEW-2'))).fault).to.equal(null);
      expect(await linked(ask, 'NEW-2')).to.equal('true');
    } finally {
      await council.behave('well');
    }
    await run('connectors', 'release', 'plonemeeting');
    await waitFor(() => upstreamHas('NEW-2'), 60_000, () => gateway.output());
  });

  it('the way back: asked directly, PloneMeeting knows every identifier, once', async () => {
    for (const identifier of ['OLD-1', 'OLD-2', 'NEW-1', 'NEW-2']) {
      expect(await linked(direct, identifier), identifier).to.equal('true');
      expect(await found(direct, identifier), identifier).to.have.length(1);
    }
    expect(council.desk.items()).to.have.length(4);
  });
});
