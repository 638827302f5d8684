import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { demoTownWithPartners, type DemoPorts } from '../support/demo-town.js';
import { freePort, startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { pesFile } from '../support/pes-file.js';
import { relais } from '../support/relais-command.js';
import { call, collegeItem } from '../support/soap-call.js';

interface ShownAnnex {
  readonly filename: string;
  readonly annexTypeId: string;
  readonly file: string;
}

describe('the demonstration, as a new user goes through it', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  const pdf = makePdf(['Façade, rue de l\'Église 12']);
  let config: string;
  let ports: DemoPorts;
  let book: string;
  let gateway: GatewayProcess;

  before(async () => {
    ports = { deliberation: await freePort(), signature: await freePort(), transmission: await freePort(), pastell: await freePort(), ged: await freePort() };
    book = `http://127.0.0.1:${ports.signature}`;
    config = demoTownWithPartners(path.join(folder, 'config'), ports);
    gateway = await startGateway({ data, config });
  });
  after(async () => {
    await gateway.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function create(body: string, user?: string): Promise<string> {
    const { reply, text } = await call(`${gateway.url}/ws4pm`, 'createItem', body, user);
    expect(reply['UID'], text).to.be.a('string');
    return reply['UID'] as string;
  }

  async function annexesOf(uid: string): Promise<readonly ShownAnnex[]> {
    const { reply } = await call(`${gateway.url}/ws4pm`, 'getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes><includeAnnexBinary>1</includeAnnexBinary>`, 'admin:demo');
    const annexes = (reply['itemInfo'] as { annexes?: readonly ShownAnnex[] }[])[0]?.annexes ?? [];
    return annexes.map((annex) => ({ ...annex, annexTypeId: annex.annexTypeId.replace(/^.*_-_/, '') }));
  }

  /** The address that a page of people shows, once it is there: that of a folder, or of what the State was sent. */
  async function addressOn(port: number, link: RegExp): Promise<string> {
    const page = `http://127.0.0.1:${port}`;
    let found: string | undefined;
    await waitFor(async () => {
      found = link.exec(await (await fetch(`${page}/`)).text())?.[1];
      return found !== undefined;
    }, 30_000, () => `nothing like ${String(link)} on ${page}: ${gateway.output()}`);
    return page + (found ?? '');
  }

  function folderOf(uid: string): Promise<string> {
    return addressOn(ports.signature, new RegExp(`href="(/folders/${uid}[^"]*)"`));
  }

  /** The college decides on its page, once the point is there. */
  async function decide(title: string, button: string, words: string): Promise<void> {
    await press(await addressOn(ports.deliberation, new RegExp(`href="(/points/[0-9a-f]{32})">${title}<`)), button, words);
  }

  /** What a button of a page does. */
  async function press(address: string, button: string, words = ''): Promise<void> {
    const answer = await fetch(`${address}/${button}`, { method: 'POST', redirect: 'manual', headers: { origin: new URL(address).origin, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ words }).toString() });
    expect(answer.status, `${button}: ${await answer.text()}`).to.equal(303);
  }

  /** The folder in which an item arrived, once it is whole. */
  async function arrival(place: string, uid: string): Promise<string> {
    const arrived = path.join(data, place, 'default/meeting-config-college', uid);
    await waitFor(() => fs.existsSync(path.join(arrived, 'manifest.json')), 20_000, () => `nothing of ${uid} in ${place}: ${gateway.output()}`);
    return arrived;
  }

  function itemJson(arrived: string): { readonly annexes: readonly { readonly role?: string; readonly path: string }[]; readonly fields?: Readonly<Record<string, unknown>> } {
    return JSON.parse(fs.readFileSync(path.join(arrived, 'item.json'), 'utf8')) as ReturnType<typeof itemJson>;
  }

  it('says at the start that the signature book is simulated', () => {
    expect(gateway.output()).to.include('nothing leaves this machine').and.include(`${book}/`);
  });

  it('what the college accepts in its PloneMeeting is signed on the page, although the gateway died meanwhile; getItemInfos shows it', async () => {
    const uid = await create(collegeItem('Permis rue Verte', '', [{ name: 'projet.pdf', bytes: pdf }]));
    await decide('Permis rue Verte', 'accept', 'Le collège accepte.');
    await press(await folderOf(uid), 'visa');
    await gateway.kill();
    gateway = await startGateway({ data, config });
    await press(await folderOf(uid), 'sign');
    await waitFor(async () => (await annexesOf(uid)).some(({ annexTypeId }) => annexTypeId === 'document-signe'), 20_000, () => gateway.output());

    const signed = (await annexesOf(uid)).find(({ annexTypeId }) => annexTypeId === 'document-signe');
    expect(Buffer.from(signed?.file ?? '', 'base64').toString('latin1')).to.match(/^%PDF-/).and.include('/ByteRange');
    expect(await story(uid)).to.include('Jeanne Dupont').and.include('accepted');
    expect(itemJson(await arrival('outbox', uid)).annexes.map(({ role }) => role)).to.deep.equal([undefined]);
  });

  it('a refused signature goes back to its source with who, when and why, and nothing goes on', async () => {
    const uid = await create(collegeItem('Marché de voirie', '', [{ name: 'marche.pdf', bytes: pdf }]));
    await decide('Marché de voirie', 'accept', 'Accepté.');
    await press(await folderOf(uid), 'refuse', 'Le montant manque');
    const { fields } = itemJson(await arrival('returns', uid));
    expect(fields?.['reason']).to.be.a('string').that.includes('Le montant manque').and.includes('Luc Martin');
    expect(fs.existsSync(path.join(data, 'archive/default/meeting-config-college', uid))).to.equal(false);
  });

  it('what the college refuses is not signed, and the caller is told its state', async () => {
    const uid = await create(collegeItem('Enseigne lumineuse', '', [{ name: 'lettre.txt', bytes: Buffer.from('Bonjour') }]));
    await decide('Enseigne lumineuse', 'refuse', 'Trop lumineuse.');
    await waitFor(async () => (await story(uid)).includes('Terminé'), 30_000, () => gateway.output());
    const { text } = await call(`${gateway.url}/ws4pm`, 'getItemInfos', `<UID>${uid}</UID>`, 'admin:demo');
    expect(text).to.include('<review_state>refused</review_state>').and.include('Trop lumineuse.');
  });

  /** As the finance software leaves it in its folder; returns the uid of its item. */
  async function dropPes(nomFic: string, slips = 1): Promise<string> {
    const place = path.join(data, 'finances');
    fs.writeFileSync(path.join(place, `${nomFic}.xml.part`), pesFile({ nomFic, slips, ids: true }));
    fs.renameSync(path.join(place, `${nomFic}.xml.part`), path.join(place, `${nomFic}.xml`));
    const line = new RegExp(`file=${nomFic}.xml state=received item=([0-9a-f]{32})`);
    await waitFor(() => line.test(gateway.output()), 20_000, () => `${nomFic} is not taken: ${gateway.output()}`);
    return line.exec(gateway.output())?.[1] ?? '';
  }

  const acquits = (): string[] => fs.readdirSync(path.join(data, 'finances/acquits')).filter((name) => !name.startsWith('.'));

  async function acquitOf(nomFic: string): Promise<string> {
    await waitFor(() => acquits().some((name) => name.includes(nomFic)), 30_000, () => `no acquit of ${nomFic}: ${gateway.output()}`);
    return fs.readFileSync(path.join(data, 'finances/acquits', acquits().find((name) => name.includes(nomFic) && name.endsWith('.xml')) ?? ''), 'latin1');
  }

  async function story(uid: string): Promise<string> {
    return (await relais(['items', 'show', uid, '--lang', 'fr'], { RELAIS_CONFIG: config, RELAIS_DATA: data })).out;
  }

  async function accepted(title: string): Promise<string> {
    const uid = await create(collegeItem(title, '', [{ name: 'projet.pdf', bytes: pdf }]));
    await decide(title, 'accept', 'Le collège accepte.');
    await press(await folderOf(uid), 'visa');
    await press(await folderOf(uid), 'sign');
    return uid;
  }

  async function extraInfo(uid: string, name: string): Promise<string | undefined> {
    const { text } = await call(`${gateway.url}/ws4pm`, 'getItemInfos', `<UID>${uid}</UID><showExtraInfos>1</showExtraInfos>`, 'admin:demo');
    return new RegExp(`<${name}[^>]*>([^<]*)<`).exec(text)?.[1];
  }

  /** The page of the State on which what was sent is answered; the gateway knows by then that it is there. */
  async function answerable(uid: string, connector: 'transmission' | 'pastell', link: RegExp): Promise<string> {
    const sent = new RegExp(`connector=${connector} item=${uid} .*state=sent`);
    await waitFor(() => sent.test(gateway.output()), 30_000, () => `${uid} was not sent: ${gateway.output()}`);
    return addressOn(ports[connector], link);
  }

  it('a PES that is left in the folder is signed in its slip, goes to the treasury, and its acquit comes back into the folder', async () => {
    const uid = await dropPes('PES_7');
    await press(await folderOf(uid), 'sign');
    await press(await answerable(uid, 'transmission', /href="(\/transactions\/\d+)">\d+<[^\n]*PES_7/), 'accept');
    expect(await acquitOf('PES_7')).to.include('<EtatAck V="1"/>');
    const signed = (await annexesOf(uid)).find(({ annexTypeId }) => annexTypeId === 'document-signe');
    expect(Buffer.from(signed?.file ?? '', 'base64').toString('latin1')).to.match(/<Bordereau Id="[^"]*">[^]*<(?:\w+:)?Signature[ >][^]*<\/Bordereau>/);
    expect(await story(uid)).to.include('Terminé').and.include('Accepté par le Trésor public');
  });

  it('one of three slips that is rejected makes the flow a rejected one: the acquit and the reason come back', async () => {
    const uid = await dropPes('PES_8', 3);
    await press(await folderOf(uid), 'sign');
    await press(await answerable(uid, 'transmission', /href="(\/transactions\/\d+)">\d+<[^\n]*PES_8/), 'partial', '2');
    await acquitOf('PES_8');
    await waitFor(() => acquits().some((name) => name.includes('PES_8') && name.endsWith('.txt')), 20_000, () => acquits().join());
    const reason = fs.readFileSync(path.join(data, 'finances/acquits', acquits().find((name) => name.includes('PES_8') && name.endsWith('.txt')) ?? ''), 'utf8');
    expect(reason).to.match(/bordereau 2/i);
    expect(await story(uid)).to.match(/rejeté/i);
  });

  it('what the college accepted goes to the prefecture and, once it is acknowledged, to the document manager; getItemInfos shows from when it is enforceable', async () => {
    const uid = await accepted('Permis rue Haute');
    await press(await answerable(uid, 'transmission', /href="(\/transactions\/\d+)">\d+<[^\n]*Permis rue Haute/), 'accept');
    const arrived = await arrival('archive', uid);
    expect(itemJson(arrived).annexes.map(({ role }) => role)).to.include.members(['acknowledgement', 'acknowledgement-slip', 'stamped-document']);
    await waitFor(async () => (await (await fetch(`http://127.0.0.1:${ports.ged}/`)).text()).includes('Décision : Permis rue Haute'), 20_000, () => gateway.output());
    expect(await extraInfo(uid, 'date_executoire')).to.match(/^\d{4}-\d\d-\d\d$/);
  });

  it('a letter of the prefecture about it, and a PES_Retour, become items that nobody has to sign', async () => {
    const uid = await accepted('Permis rue Longue');
    const page = await answerable(uid, 'transmission', /href="(\/transactions\/\d+)">\d+<[^\n]*Permis rue Longue/);
    await press(page, 'accept');
    await arrival('archive', uid);
    const written = await fetch(`${page}/letter`, { method: 'POST', body: new URLSearchParams({ kind: 'pieces' }), redirect: 'manual' });
    const given = await fetch(`${new URL(page).origin}/act/retour`, { method: 'POST', body: new URLSearchParams({ words: '213400017' }), redirect: 'manual' });
    expect([written.status, given.status]).to.deep.equal([303, 303]);
    const returns = path.join(data, 'finances/retours');
    await waitFor(() => fs.readdirSync(returns).some((name) => name.startsWith('PES2R')), 30_000, () => gateway.output());
    const letter = /lié à un autre point \(([0-9a-f]{32})\)/.exec(await story(uid))?.[1] ?? '';
    expect(itemJson(await arrival('outbox', letter)).annexes.map(({ role }) => role)).to.include('letter');
    expect(await story(letter)).to.include('Terminé');
  });

  it('both go by Pastell in place of S2LOW when the flows name its connector', async () => {
    await gateway.stop();
    config = demoTownWithPartners(path.join(folder, 'by-pastell'), ports, (text) => text.replaceAll('connector: transmission\n', 'connector: pastell\n'));
    gateway = await startGateway({ data, config });
    const flow = await dropPes('PES_9');
    await press(await folderOf(flow), 'sign');
    await press(await answerable(flow, 'pastell', /href="(\/documents\/[^"]+)">[^<]*PES_9/), 'accept');
    expect(await acquitOf('PES_9')).to.include('<EtatAck V="1"/>');
    const act = await accepted('Permis rue Basse');
    await press(await answerable(act, 'pastell', /href="(\/documents\/[^"]+)">[^<]*Permis rue Basse/), 'accept');
    await arrival('archive', act);
    expect(await extraInfo(act, 'date_executoire')).to.match(/^\d{4}-\d\d-\d\d$/);
  });
});
