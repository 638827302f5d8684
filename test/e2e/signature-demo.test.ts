import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { demoTownWithBook } from '../support/demo-town.js';
import { freePort, startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { call, collegeItem } from '../support/soap-call.js';

interface ShownAnnex {
  readonly filename: string;
  readonly annexTypeId: string;
  readonly file: string;
}

/** As the finance software would send it: one slip with an id, to be signed where it stands. */
const PES = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller">'
  + '<Enveloppe/><PES_DepenseAller><Bordereau Id="B1"><BlocBordereau><Exer V="2027"/></BlocBordereau></Bordereau></PES_DepenseAller></n:PES_Aller>';

describe('the demonstration, as a new user goes through it', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  const pdf = makePdf(['Façade, rue de l\'Église 12']);
  let config: string;
  let book: string;
  let gateway: GatewayProcess;

  before(async () => {
    const port = await freePort();
    book = `http://127.0.0.1:${port}`;
    config = demoTownWithBook(path.join(folder, 'config'), port);
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

  /** The address of its folder on the page of the book, once it is there. */
  async function folderOf(uid: string): Promise<string> {
    let found: string | undefined;
    await waitFor(async () => {
      found = new RegExp(`href="(/folders/${uid}[^"]*)"`).exec(await (await fetch(`${book}/`)).text())?.[1];
      return found !== undefined;
    }, 20_000, () => `no folder of ${uid}: ${gateway.output()}`);
    return book + (found ?? '');
  }

  /** What a button of the page does. */
  async function press(address: string, button: string, words = ''): Promise<void> {
    const answer = await fetch(`${address}/${button}`, { method: 'POST', redirect: 'manual', headers: { origin: book, 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ words }).toString() });
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

  it('an item with a PDF is signed on the page, its signed PDF is shown by getItemInfos and arrives in the outbox, although the gateway died meanwhile', async () => {
    const uid = await create(collegeItem('Façade, rue de l’Église', '', [{ name: 'projet.pdf', bytes: pdf }]));
    const address = await folderOf(uid);
    await press(address, 'visa');
    await gateway.kill();
    gateway = await startGateway({ data, config });
    await press(await folderOf(uid), 'sign');
    const arrived = await arrival('outbox', uid);

    const annexes = await annexesOf(uid);
    expect(annexes.map(({ annexTypeId }) => annexTypeId)).to.have.members(['annexe', 'document-signe', 'circulation']);
    const signed = Buffer.from(annexes.find(({ annexTypeId }) => annexTypeId === 'document-signe')?.file ?? '', 'base64');
    expect(signed.subarray(0, pdf.length).equals(pdf)).to.equal(true);
    expect(signed.length).to.be.greaterThan(pdf.length);
    const { path: place = '' } = itemJson(arrived).annexes.find(({ role }) => role === 'signed-document') ?? {};
    expect(fs.readFileSync(path.join(arrived, place)).equals(signed)).to.equal(true);
  });

  it('a refusal goes back to its source with who, when and why, and nothing goes on', async () => {
    const uid = await create(collegeItem('Marché de voirie', '', [{ name: 'marche.pdf', bytes: pdf }]));
    await press(await folderOf(uid), 'refuse', 'Le montant manque');
    const { fields } = itemJson(await arrival('returns', uid));
    expect(fields?.['reason']).to.be.a('string').that.includes('Le montant manque').and.includes('Luc Martin');
    expect(fs.existsSync(path.join(data, 'outbox/default/meeting-config-college', uid))).to.equal(false);
  });

  it('an item without a PDF needs no signature', async () => {
    const uid = await create(collegeItem('Courrier', '', [{ name: 'lettre.txt', bytes: Buffer.from('Bonjour') }]));
    expect(itemJson(await arrival('outbox', uid)).annexes.map(({ role }) => role)).to.deep.equal([undefined]);
  });

  it('a PES of the finance software is signed in its slip and waits for its transmission', async () => {
    const uid = await create(collegeItem('Bordereau 7', '', [{ name: 'PES_7.xml', bytes: Buffer.from(PES, 'latin1') }]).replace('>urbanisme<', '>finances<'), 'finances:demo');
    await press(await folderOf(uid), 'sign');
    const arrived = await arrival('transmission', uid);
    const { path: place = '' } = itemJson(arrived).annexes.find(({ role }) => role === 'signed-document') ?? {};
    expect(fs.readFileSync(path.join(arrived, place), 'latin1')).to.match(/<Bordereau Id="B1">[^]*<(?:\w+:)?Signature[ >][^]*<\/Bordereau>/);
  });
});
