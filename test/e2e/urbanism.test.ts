import { expect } from 'chai';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { openSimulator } from '../../connectors/plone-dms/simulator.js';
import { permitUid } from '../../connectors/plone-dms/simulated-site.js';
import type { OtherSide } from '../../src/connector-kit/rehearsal.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { freePort, startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { relais } from '../support/relais-command.js';
import { call } from '../support/soap-call.js';

/** «demo» */
const HASH = '$scrypt$ln=14,r=8,p=5$CGt0oMWfQvyH+PXwXphhEA$RSKVVfrHohDfNQmZ9sY7pUSIG6Jgxg5/MlOPGb7TnwY';

const configuration = (port: number, site: OtherSide['settings']): string => `
server: {host: 127.0.0.1, port: 0}
authority:
  title: Ville
  organisations:
    - {id: urbanisme, title: Urbanisme, members: {creators: [urban, jdupont]}}
  users:
    - {id: urban, fullname: Permis d'urbanisme, source: urbanisme, password: "${HASH}", demo: true}
    - {id: jdupont, fullname: Jeanne Dupont}
  sources:
    - {id: urbanisme, profile: urban, freshFor: 1 s, users: {jdoe: jdupont, ghost: fantome}, creation: {proposingGroup: urbanisme, annexTypesByExtension: {png: plan}}}
  connectors:
    - {id: plonemeeting, type: plonemeeting-rest, simulated: ${port}, settings: {annexTypes: {annexe: annexe, plan: plan}, decisionDocument: deliberation__format__pdf}}
    - {id: urban, type: plone-dms, settings: ${JSON.stringify({ ...site, password: '${env:URBAN_PASSWORD}', fileType: 'File' })}}
  meetingConfigs:
    - id: meeting-config-college
      shortName: College
      title: Collège communal
      managers: [urban]
      backend: {connector: plonemeeting, readTimeout: 2 s}
      annexTypes: [{id: annexe, title: Annexe}, {id: plan, title: Plan}]
      templates: [{id: deliberation, title: Délibération, source: deliberation.html}]
      workflow:
        initial: itemcreated
        states:
          - {id: itemcreated, title: Créé, visibleTo: [members, managers]}
          - {id: accepted_out_of_meeting, title: Accepté hors séance, visibleTo: [members, managers]}
        transitions:
          - {id: accept_out_of_meeting, title: Accepter hors séance, from: [itemcreated], to: accepted_out_of_meeting}
  flows:
    - id: permis
      when: {source: urbanisme}
      steps:
        - id: back
          connector: urban
          operation: return-decision
          waitFor: decision
          fields:
            target: externalIdentifier
            files: 'annexes[role = "report"].id'
            decisionText: decision
`;

type Fields = Readonly<Record<string, unknown>>;

/** contracts/wsclient.md §8.2: what urban does, through Relais, before a PloneMeeting. */
describe('urban before a PloneMeeting', function () {
  this.timeout(90_000);
  const folder = temporaryFolder();
  const [data, config] = [path.join(folder, 'data'), path.join(folder, 'relais.yaml')];
  const event = permitUid(7);
  const plan = makePdf(['Plan']);
  let site: OtherSide;
  let council: string;
  let gateway: GatewayProcess;

  before(async () => {
    site = await openSimulator();
    const port = await freePort();
    council = `http://127.0.0.1:${port}`;
    fs.writeFileSync(path.join(folder, 'deliberation.html'), '<p>{title}</p>');
    fs.writeFileSync(config, configuration(port, site.settings));
    gateway = await startGateway({ data, config, environment: { URBAN_PASSWORD: String(site.settings['password']) } });
  });
  after(async () => {
    await gateway.stop();
    await site.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const ask = (operation: string, children: string) => call(`${gateway.url}/ws4pm`, operation, children, 'urban:demo');
  const firstOf = ({ reply }: { readonly reply: Fields }): Fields | undefined => (reply['itemInfo'] as readonly Fields[] | undefined)?.[0];
  const search = async (identifier: string) => firstOf(await ask('searchItems', `<externalIdentifier>${identifier}</externalIdentifier><inTheNameOf>admin</inTheNameOf>`));
  const story = (uid: string) => relais(['items', 'show', uid, '--lang', 'fr'], { RELAIS_CONFIG: config, RELAIS_DATA: data, URBAN_PASSWORD: 'not looked at' }).then(({ out }) => out);

  async function create(title: string, identifier: string, inTheNameOf: string): Promise<string> {
    const file = (name: string, bytes: Buffer): string => `<annexes><title>${name}</title><filename>${name}</filename><file>${bytes.toString('base64')}</file></annexes>`;
    const { reply, text } = await ask('createItem', '<meetingConfigId>meeting-config-college</meetingConfigId><proposingGroupId/>'
      + `<creationData><title>${title}</title><description>${title.toLowerCase()}</description><decision>&lt;p&gt;Projet&lt;/p&gt;</decision><preferredMeeting/><externalIdentifier>${identifier}</externalIdentifier>`
      + `${file('plan.pdf', plan)}${file('facade.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))}</creationData><inTheNameOf>${inTheNameOf}</inTheNameOf>`);
    expect(reply['UID'], text).to.be.a('string');
    return String(reply['UID']);
  }

  /** The address of an item on the page of the council, once it is there. */
  async function onThePage(title: string): Promise<string> {
    let found: string | undefined;
    await waitFor(async () => {
      found = new RegExp(`href="(/points/[0-9a-f]{32})">${title}<`).exec(await (await fetch(`${council}/`)).text())?.[1];
      return found !== undefined;
    }, 20_000, () => gateway.output());
    return `${council}${found ?? ''}`;
  }

  async function press(address: string, button: string, form: Readonly<Record<string, string>> = {}): Promise<void> {
    const answer = await fetch(`${address}/${button}`, { method: 'POST', redirect: 'manual', headers: { origin: council }, body: new URLSearchParams(form) });
    expect(answer.status, await answer.text()).to.equal(303);
  }

  it('sends an event as an administrator that nobody knows here; it is found at once, and its annexes have types', async () => {
    const uid = await create('PERMIS RUE HAUTE', event, 'admin');
    expect((await ask('checkIsLinked', `<meetingConfigId>meeting-config-college</meetingConfigId><externalIdentifier>${event}</externalIdentifier>`)).reply['isLinked']).to.equal('true');
    expect(await search(event)).to.include({ UID: uid, review_state: 'itemcreated' });
    await onThePage('PERMIS RUE HAUTE');
    const shown = firstOf(await ask('getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes>`));
    expect((shown?.['annexes'] as readonly Fields[]).map(({ filename, annexTypeId }) => [filename, String(annexTypeId).replace(/^.*_-_/, '')])).to.deep.equal([['plan.pdf', 'annexe'], ['facade.png', 'plan']]);
  });

  it('polls until a state comes that it knows, and reads texts that are never empty', async () => {
    const address = await onThePage('PERMIS RUE HAUTE');
    await press(address, 'write', { words: 'Le collège accorde le permis.' });
    await press(address, 'step', { transition: 'accept_out_of_meeting' });
    await waitFor(async () => (await search(event))?.['review_state'] === 'accepted', 20_000, () => gateway.output());
    const { UID: uid } = await search(event) ?? {};
    const { text } = await ask('getItemInfos', `<UID>${String(uid)}</UID><showExtraInfos>1</showExtraInfos><inTheNameOf>siteadmin</inTheNameOf>`);
    expect(text).to.include('Le collège accorde le permis.').and.include('<description>');
    expect(text).to.not.match(/<(description|decision|motivation)(?:\/>|><\/)/);
  });

  it('gets the decision and its document back on its event, without asking', async () => {
    // fields come after files
    await waitFor(async () => (await site.delivered()).some(({ fields }) => fields?.['decisionText'] !== undefined), 20_000, () => gateway.output());
    const [arrived, ...others] = await site.delivered();
    expect(others).to.deep.equal([]);
    expect(arrived?.fields).to.include({ target: event }).and.have.property('decisionText').that.includes('Le collège accorde le permis.');
    expect(arrived?.files).to.have.length(1).and.not.include(createHash('sha256').update(plan).digest('hex'));
    const { UID: uid } = await search(event) ?? {};
    expect(await story(String(uid))).to.include('Terminé : tout a été transmis.').and.include('étape remise (plonemeeting) : transmis, terminé là-bas').and.include('étape back (urban) : terminée')
      .and.include('rapport').and.include('état repris du système qui décide → accepted_out_of_meeting');
  });

  it('is refused in words for somebody whom PloneMeeting does not know, and nothing is kept', async () => {
    const { fault } = await ask('createItem', '<meetingConfigId>meeting-config-college</meetingConfigId><creationData><title>PERMIS</title></creationData><inTheNameOf>ghost</inTheNameOf>');
    expect(fault?.text).to.include('fantome');
  });

  it('does not see any more what was deleted over there, and may send it again', async () => {
    const uid = await create('PERMIS RUE BASSE', permitUid(8), 'jdoe');
    await press(await onThePage('PERMIS RUE BASSE'), 'delete');
    const linked = async () => (await ask('checkIsLinked', `<meetingConfigId>meeting-config-college</meetingConfigId><externalIdentifier>${permitUid(8)}</externalIdentifier>`)).reply['isLinked'];
    await waitFor(async () => await linked() === 'false', 20_000, () => gateway.output());
    expect(await search(permitUid(8))).to.equal(undefined);
    expect(await story(uid)).to.include('Retiré').and.include('Le point a été supprimé dans PloneMeeting');
    expect(await create('PERMIS RUE BASSE', permitUid(8), 'jdoe')).to.not.equal(uid);
    expect(await linked()).to.equal('true');
  });
});
