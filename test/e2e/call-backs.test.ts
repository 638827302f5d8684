import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { callBackToken } from '../../connectors/signing-session/call-back.js';
import type { SimulatedSession } from '../../connectors/signing-session/simulated-session.js';
import { openSimulator, type SigningSide } from '../../connectors/signing-session/simulator.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../support/gateway-process.js';
import { call, collegeItem } from '../support/soap-call.js';
import { beside } from '../support/survival.js';

const JEANNE = 'jeanne.dupont@ville.example';
/** Without a call back, nothing that was sent is asked about before a minute has gone by. */
const SOON_MS = 20_000;

describe('call backs of a signing session, through the gateway while its engine runs', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  let partner: SigningSide;
  let gateway: GatewayProcess;
  /** Where the partner was told to call about the last session. */
  let address: string;

  before(async () => {
    partner = await openSimulator();
    const { url, login, password, callBack: { secret } } = partner.settings as { readonly url: string; readonly login: string; readonly password: string; readonly callBack: { readonly secret: string } };
    gateway = await startGateway({
      data, config: path.join(import.meta.dirname, 'call-backs/relais.yaml'),
      environment: { PARTNER: url, PARTNER_LOGIN: login, PARTNER_PASSWORD: password, CALL_BACK_SECRET: secret },
    });
  });
  after(async () => {
    await partner.close();
    await gateway.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => { partner.calls.how = 'once'; });

  async function sessionOf(title: string): Promise<{ uid: string; session: SimulatedSession }> {
    const { reply, text } = await call(`${gateway.url}/ws4pm`, 'createItem', collegeItem(title, '', [{ name: 'projet.pdf', bytes: makePdf([title]) }]));
    const uid = String(reply['UID']);
    const found = () => partner.sessions.all().find(({ documents, state }) => state === 'to_sign' && documents.some((document) => document.itemUid === uid));
    await waitFor(() => found() !== undefined, SOON_MS, () => `no session of ${uid}: ${text} ${gateway.output()}`);
    const session = found()!;
    address = session.endpointUrl;
    await waitFor(async () => (await deliveryOf(uid)).state === 'sent', SOON_MS, () => `it is not sent: ${gateway.output()}`);
    return { uid, session };
  }

  const deliveryOf = (uid: string) => beside({ kind: 'sqlite', folder: data }, async ({ history }) => {
    const story = await history.story('default', uid);
    const [first] = (story?.deliveries ?? []).filter(({ operation }) => operation === 'sign');
    return { ...first!, roles: story!.item.annexes.flatMap(({ role }) => role ?? []) };
  });

  async function becomes(uid: string, state: string): Promise<Awaited<ReturnType<typeof deliveryOf>>> {
    await waitFor(async () => (await deliveryOf(uid)).state === state, SOON_MS, () => `it is not ${state}: ${gateway.output().slice(-3_000)}`);
    return deliveryOf(uid);
  }

  async function post(url: string, body: string | object): Promise<number> {
    const { status } = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
    return status;
  }

  it('have the signed document fetched at once; replayed, nothing happens a second time', async () => {
    const { uid, session } = await sessionOf('Façade');
    partner.calls.how = 'twice';
    await partner.commands.run(`sign ${JEANNE}`);
    await partner.calls.settled();
    expect((await becomes(uid, 'done')).roles).to.deep.equal(['signed-document']);

    for (let times = 0; times < 3; times += 1) expect(await post(address, { app_session_id: session.id, code: 52, value: { refused_users: [JEANNE] } })).to.equal(200);
    expect((await deliveryOf(uid))).to.deep.include({ state: 'done', roles: ['signed-document'] });
  });

  it('a refusal comes back at once, with who and why', async () => {
    const { uid } = await sessionOf('Voirie');
    await partner.commands.run(`refuse ${JEANNE} Le montant manque`);
    expect((await becomes(uid, 'rejected')).reason).to.include(JEANNE).and.include('Le montant manque');
  });

  it('that lie about the state, or come out of order, are not believed', async () => {
    const { uid, session } = await sessionOf('Marché');
    for (const lie of [{ code: 23 }, { code: 52, value: { refused_users: [JEANNE] } }, { code: 40 }, { code: 21 }]) {
      const { polls } = await deliveryOf(uid);
      expect(await post(address, { app_session_id: session.id, ...lie })).to.equal(200);
      await waitFor(async () => (await deliveryOf(uid)).polls > polls, SOON_MS, () => `nobody was asked: ${gateway.output()}`);
      expect(await deliveryOf(uid)).to.deep.include({ state: 'sent', roles: [] });
    }
    // the partner's own, the last one first
    partner.calls.how = 'held';
    await partner.commands.run(`sign ${JEANNE}`);
    partner.calls.release();
    await becomes(uid, 'done');
  });

  it('that are forged, about another session, or nonsense are refused, and have nobody asked', async () => {
    const { uid, session } = await sessionOf('Permis');
    await waitFor(async () => { await partner.calls.settled(); return (await deliveryOf(uid)).leaseOwner === null; }, SOON_MS, () => 'it is being asked about for ever');
    const { polls } = await deliveryOf(uid);
    const root = address.slice(0, address.lastIndexOf('/'));
    const real = { app_session_id: session.id, code: 23 };
    expect(await post(`${root}/${callBackToken('a secret that somebody guessed', session.id)}`, real)).to.equal(403);
    expect(await post(`${root}/${session.id}`, real)).to.equal(403);
    expect(await post(address, { ...real, app_session_id: 'RELAIS0another' })).to.equal(400);
    expect(await post(address, '<xml/>')).to.equal(400);
    expect(await post(address.replace('/callbacks/', '/other/callbacks/'), real)).to.equal(404);
    expect((await fetch(address)).status).to.equal(405);
    expect((await deliveryOf(uid)).polls).to.equal(polls);
    const token = address.slice(root.length + 1);
    for (const secret of [token, 'rehearsal-of-a-call-back', 'rehearsal-password']) expect(gateway.output()).to.not.include(secret);
  });
});
