import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { callBackToken } from '../../connectors/signing-session/call-back.js';
import { signingSession } from '../../connectors/signing-session/index.js';
import { readSession } from '../../connectors/signing-session/session-state.js';
import { openSimulator } from '../../connectors/signing-session/simulator.js';
import type { Receipt, Results, Submission, Tracking } from '../../src/connector-api/connector.js';
import { isFailure, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { signPdf } from '../../src/signature-desk/sign-pdf.js';
import { makeTestSigner } from '../../src/signature-desk/test-certificate.js';
import { httpAnswer, scriptedHttp, type ScriptedAnswer } from '../support/http-answer.js';
import { JEANNE, LUC, signingStage, type SigningStage } from '../support/signing-stage.js';

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => undefined, (error: unknown) => error);
}

function resultsOf(tracking: Tracking): Results {
  return tracking.results ?? {};
}

describe('the signing-session connector', () => {
  let stage: SigningStage;
  beforeEach(async () => { stage = await signingStage(); });
  afterEach(() => stage.close());

  const type = (typed: string) => stage.partner.commands.run(typed);

  async function sendTwo(): Promise<{ load: readonly [Submission, Submission]; receipts: readonly [Receipt, Receipt] }> {
    const load = [stage.submission(), stage.submission()] as const;
    const [first, second] = await stage.send(load);
    if (first === undefined || second === undefined) throw new Error('a receipt is missing');
    return { load, receipts: [first, second] };
  }

  async function sendOne(submission = stage.submission()): Promise<{ submission: Submission; receipt: Receipt }> {
    const [receipt] = await stage.send([submission]);
    if (receipt === undefined) throw new Error('the receipt is missing');
    return { submission, receipt };
  }

  describe('what is handed over', () => {
    it('is one session: form, signers, names that are unlike, an address of our own to call back', async () => {
      const annexes = [stage.pdf('plan.pdf', 'one'), stage.pdf('PLAN.pdf', 'two')];
      const load = [stage.submission({ fields: { signers: [JEANNE, LUC], watchers: ['greffe@ville.example'], title: 'Séance' } }, annexes), stage.submission({ fields: { signers: [JEANNE, LUC], watchers: ['greffe@ville.example'] } })];
      const { call, asked } = scriptedHttp(() => ({ status: 200 }));
      const receipts = await signingSession.together?.submit(load, stage.settings({ url: 'https://partner.example/root/', signCode: 'QES' }), stage.context({ http: call }));
      const [{ url, headers = {}, sent } = { url: '', sent: '' }] = asked;
      const data = JSON.parse(/\r\n\r\n(\{.*?\})\r\n--/s.exec(sent)?.[1] ?? '') as { commonData: { endpointUrl: string; imioAppSessionId: string; documentData: object[] } };
      const { endpointUrl, imioAppSessionId: id, documentData, ...common } = data.commonData;

      expect(url).to.equal('https://partner.example/root/imio/esign/v1/luxtrust/sessions');
      expect(headers).to.include({ authorization: `Basic ${Buffer.from('rehearsal:rehearsal-password').toString('base64')}` });
      expect(common).to.deep.equal({ sessionName: 'Séance (+ 1)', vatNumber: 'BE0000000097' });
      expect(documentData).to.deep.equal(load.flatMap(({ key, item }) => item.annexes.map((_annex, index) => ({ uniqueCode: `${key}-${index + 1}`, docUuid: `${item.uid}-${index + 1}` })))
        .map((document, index) => ({ filename: ['plan.pdf', 'PLAN-2.pdf', 'plan-3.pdf'][index], ...document })));
      expect(data).to.have.property('signData').that.deep.equals({ users: [JEANNE, LUC], acroform: false, signCode: 'QES', watchers: ['greffe@ville.example'] });
      expect(data).to.not.have.property('sealData');
      expect(endpointUrl).to.equal(`http://127.0.0.1:9/callbacks/signing/${callBackToken('rehearsal-of-a-call-back', id)}`);
      expect(receipts?.map(({ reference }) => reference)).to.deep.equal([id, id]);
    });

    it('items whose signers are no longer the same are not sent', async () => {
      const load = [stage.submission(), stage.submission({ fields: { signers: [LUC] } })];
      expect(await thrownBy(stage.send(load))).to.include({ kind: 'not-sent' });
      expect(await stage.partner.delivered()).to.deep.equal([]);
    });

    const ANSWERS: [string, ScriptedAnswer, string][] = [
      ['accepted', { status: 200, body: '{"status":"accepted"}' }, 'sent'],
      ['accepted, and says nothing', { status: 202 }, 'sent'],
      ['a code of failure at once', { status: 200, body: '{"code":41,"message":"no such signer."}' }, 'refused'],
      ['a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Login</html>' }, 'outcome-unknown'],
      ['a gateway that waited too long', { status: 504 }, 'outcome-unknown'],
      ['not now', { status: 503 }, 'not-sent'],
      ['a wrong password', { status: 401 }, 'misconfigured'],
      ['never', { status: 400, body: '{"message":"no VAT number"}' }, 'refused'],
    ];

    for (const [what, answer, expected] of ANSWERS) {
      it(`${what}: ${expected}`, async () => {
        const result = await signingSession.submit(stage.submission(), stage.settings(), stage.context({ http: scriptedHttp(() => answer).call })).then(({ state }) => state, (error: unknown) => (isFailure(error) ? error.kind : error));
        expect(result).to.equal(expected);
      });
    }

    it('a name that is taken by other documents is refused, and one document in another session is unknown', async () => {
      const [one, two] = [stage.submission(), stage.submission()];
      const { receipt } = await sendOne(one);
      expect(await thrownBy(stage.send([one, two]))).to.be.instanceOf(OutcomeUnknown);
      const foreign = scriptedHttp(({ method }) => (method === 'POST' ? { status: 409 } : { status: 404, body: '{"status":"absent"}' }));
      expect(await thrownBy(signingSession.submit(two, stage.settings(), stage.context({ http: foreign.call })))).to.be.instanceOf(Refused);
      expect(await signingSession.probe(one, stage.settings(), stage.context())).to.have.nested.property('found.reference', receipt.reference);
    });
  });

  describe('a probe', () => {
    it('each item of a load is found by itself, and one that never left is absent', async () => {
      const { load, receipts } = await sendTwo();
      for (const [index, submission] of load.entries()) expect(await signingSession.probe(submission, stage.settings(), stage.context())).to.deep.equal({ found: receipts[index] });
      expect(await signingSession.probe(stage.submission(), stage.settings(), stage.context())).to.equal('absent');
    });

    it('a 404 without words proves nothing', async () => {
      const http = scriptedHttp(() => ({ status: 404, body: '<h1>Not found</h1>' })).call;
      expect(await thrownBy(signingSession.probe(stage.submission(), stage.settings(), stage.context({ http })))).to.be.instanceOf(OutcomeUnknown);
    });

    it('a session that could not be created is parked with the words of the partner; then absence is proved, and it can be sent again', async () => {
      await type('slow');
      const { submission, receipt } = await sendOne();
      expect(await stage.ask(receipt, submission)).to.deep.include({ state: 'pending' });
      await type('fail no such account');
      expect(await thrownBy(stage.ask(receipt, submission))).to.be.instanceOf(Refused).with.property('message').that.includes('no such account');
      expect(await signingSession.probe(submission, stage.settings(), stage.context())).to.equal('absent');
      await type('slow');
      expect((await stage.send([submission]))[0]?.reference).to.equal(receipt.reference);
    });
  });

  describe('on the way', () => {
    it('links for each signer, once; then who has signed and who is awaited', async () => {
      const { submission, receipt } = await sendOne();
      const first = await stage.ask(receipt, submission);
      expect(first).to.have.nested.property('results.fields.signerLinks').that.has.length(2);
      expect((first.results?.fields?.['signerLinks'] as string[])[0]).to.match(new RegExp(`^${JEANNE}: http://127.0.0.1:\\d+/sign/`));
      expect(await stage.ask(first.receipt, submission)).to.not.have.property('results');
      await type(`sign ${LUC}`);
      const second = await stage.ask(first.receipt, submission);
      expect(second).to.include({ state: 'pending', note: `Signed by ${LUC}; awaited: ${JEANNE}.` }).and.to.not.have.property('results');
    });

    it('items of one session share one question', async () => {
      const { load, receipts } = await sendTwo();
      const asked = await Promise.all(load.map(async (submission, index) => ({ submission, receipt: (await stage.ask(receipts[index] ?? receipts[0], submission)).receipt })));
      let questions = 0;
      const { http } = stage.context();
      const counted = stage.context({ http: (request) => { questions += 1; return http(request); } });
      expect([...await signingSession.survey?.ask(asked, stage.settings(), counted) ?? []]).to.deep.equal([]);
      await type(`sign ${JEANNE}`);
      expect([...await signingSession.survey?.ask(asked, stage.settings(), counted) ?? []]).to.deep.equal(load.map(({ key }) => key));
      expect(questions).to.equal(2);
    });

    it('a word that is not known is pending, with a warning', async () => {
      const { submission, receipt } = await sendOne();
      const http = scriptedHttp(() => ({ status: 200, body: JSON.stringify({ app_session_id: receipt.reference, code: 99, session_state: 'on_holiday' }) })).call;
      const told = await signingSession.track?.(receipt, submission, stage.settings(), stage.context({ http }));
      expect(told).to.deep.include({ state: 'pending' }).and.to.have.property('note').that.includes('on_holiday');
      expect(stage.logger.lines.filter(({ level }) => level === 'warn')).to.have.length(1);
    });

    it('an answer about another session is no answer', async () => {
      const { submission, receipt } = await sendOne();
      const http = scriptedHttp(() => ({ status: 200, body: '{"app_session_id":"OTHER","session_state":"completed"}' })).call;
      expect(await thrownBy(signingSession.track?.(receipt, submission, stage.settings(), stage.context({ http })) ?? Promise.resolve())).to.be.instanceOf(OutcomeUnknown);
    });

    it('a session that is gone is given up after a day, not before', async () => {
      const { submission, receipt } = await sendOne();
      await stage.partner.sessions.cancel(stage.partner.sessions.all()[0] ?? expect.fail());
      const first = await stage.ask(receipt, submission);
      expect(first.state).to.equal('pending');
      expect((await stage.ask(first.receipt, submission)).state).to.equal('pending');
      expect(await thrownBy(stage.ask(first.receipt, submission, { lostAfterMs: 0 }))).to.be.instanceOf(Refused);
    });
  });

  describe('the end', () => {
    it('all have signed: each item gets its own document back, with the signature of each, and they hold', async () => {
      const { load, receipts } = await sendTwo();
      await type(`sign ${JEANNE}`);
      await type(`sign ${LUC}`);
      for (const [index, submission] of load.entries()) {
        const told = await stage.ask(receipts[index] ?? receipts[0], submission);
        const { fields = {}, documents = [] } = resultsOf(told);
        expect(told.state).to.equal('done');
        expect(fields['signature']).to.equal('verified');
        expect(fields['signedBy']).to.have.length(2);
        expect(documents.map(({ filename, role }) => ({ filename, role }))).to.deep.equal([{ filename: 'plan.pdf', role: 'signed-document' }]);
        const original = stage.files.get(submission.item.annexes[0]?.sha256 ?? '') ?? Buffer.alloc(0);
        expect(stage.files.get(documents[0]?.sha256 ?? '')?.subarray(0, original.length).equals(original)).to.equal(true);
      }
    });

    it('with a seal, the town signs as well', async () => {
      const { submission, receipt } = await sendOne(stage.submission({ fields: { signers: [JEANNE], seal: true } }));
      await type(`sign ${JEANNE}`);
      expect(resultsOf(await stage.ask(receipt, submission)).fields?.['signedBy']).to.have.length(2);
    });

    it('a signature that is missing is not taken, and taken with words where it is configured so', async () => {
      const { submission, receipt } = await sendOne();
      const [session = expect.fail()] = stage.partner.sessions.all();
      const signer = await makeTestSigner({ name: 'Jeanne', key: 'ec' });
      const once = await signPdf(makePdf(['plan 1']), signer, { at: Date.now() });
      const twice = await signPdf(once, signer, { at: Date.now() });
      for (const content of [once, twice]) {
        await stage.partner.sessions.complete(session, [content]);
        expect(await thrownBy(stage.ask(receipt, submission))).to.be.instanceOf(Refused).with.property('message').that.includes('1 signed it, and 2 were asked to');
        expect(resultsOf(await stage.ask(receipt, submission, { verification: 'report' })).fields).to.deep.include({ signature: 'not-verified' });
      }
    });

    it('a document without a signature, or cut after it was signed, is not taken for signed', async () => {
      const { submission, receipt } = await sendOne(stage.submission({ fields: { signers: [JEANNE] } }));
      const [session = expect.fail()] = stage.partner.sessions.all();
      const signed = await signPdf(makePdf(['plan 1']), await makeTestSigner({ name: 'Jeanne', key: 'ec' }), { at: Date.now() });
      for (const content of [makePdf(['plan 1']), signed.subarray(0, -40), Buffer.concat([signed, Buffer.from('\n%%EOF')])]) {
        await stage.partner.sessions.complete(session, [content]);
        expect(await thrownBy(stage.ask(receipt, submission))).to.be.instanceOf(Refused);
      }
    });

    it('signed, and the files do not come back: pending until they do', async () => {
      await type('upload-fails');
      const { submission, receipt } = await sendOne(stage.submission({ fields: { signers: [JEANNE] } }));
      await type(`sign ${JEANNE}`);
      expect(await stage.ask(receipt, submission)).to.include({ state: 'pending' }).and.to.have.property('note').that.includes('not there yet');
      await type('upload');
      expect((await stage.ask(receipt, submission)).state).to.equal('done');
    });

    it('a refusal returns every item, with who and why', async () => {
      const { load, receipts } = await sendTwo();
      await type(`sign ${JEANNE}`);
      await type(`refuse ${LUC} Le montant est faux.`);
      for (const [index, submission] of load.entries()) {
        const told = await stage.ask(receipts[index] ?? receipts[0], submission);
        expect(told.state).to.equal('rejected');
        expect(told).to.have.property('reason').that.includes(LUC).and.includes('Le montant est faux').and.includes('2 items');
      }
    });
  });

  describe('taking back', () => {
    it('one item alone is taken back, until somebody has signed', async () => {
      const { submission, receipt } = await sendOne();
      expect(await signingSession.cancel?.(receipt, submission, stage.settings(), stage.context())).to.equal('cancelled');
      const other = await sendOne();
      await type(`sign ${JEANNE}`);
      expect(await signingSession.cancel?.(other.receipt, other.submission, stage.settings(), stage.context())).to.equal('too-late');
    });

    it('one of several is not: a session is never changed', async () => {
      const { load, receipts } = await sendTwo();
      expect(await signingSession.cancel?.(receipts[0], load[0], stage.settings(), stage.context())).to.have.property('tooLate').that.matches(/1 other item\(s\) in session/);
      expect(stage.partner.sessions.all()[0]?.state).to.equal('to_sign');
    });
  });

  describe('calls back', () => {
    async function calls(url: (id: string) => string, act: () => Promise<void>): Promise<{ token: string; body: Buffer }[]> {
      const made: { token: string; body: Buffer }[] = [];
      const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => { made.push({ token: request.url?.split('/').at(-1) ?? '', body: Buffer.concat(chunks) }); response.end(); });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const submission = stage.submission();
      await signingSession.submit(submission, stage.settings(), stage.context({ callBackUrl: url(String(port)) }));
      await act();
      await stage.partner.calls.settled();
      await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
      return made;
    }

    it('twice, out of order: each names the session, and none is believed', async () => {
      await type('calls held');
      const made = await calls((port) => `http://127.0.0.1:${port}/callbacks/signing`, async () => {
        await type(`sign ${JEANNE}`);
        await type('calls twice');
        await type(`sign ${LUC}`);
        await type('release');
      });
      const [session = expect.fail()] = stage.partner.sessions.all();
      expect(made.map(({ body }) => readSession(body.toString())?.phase)).to.have.members(['to-sign', 'to-sign', 'to-sign', 'to-sign', 'returned', 'returned']);
      for (const call of made) expect(signingSession.receive?.({ ...call, headers: {} }, stage.settings())).to.deep.equal({ references: [session.id] });
    });

    it('one that is forged, or about another session, is not', async () => {
      const { receipt } = await sendOne();
      const body = Buffer.from(JSON.stringify({ app_session_id: receipt.reference, code: 23 }));
      const receive = (token: string, told = body) => signingSession.receive?.({ token, headers: {}, body: told }, stage.settings());
      const token = callBackToken('rehearsal-of-a-call-back', receipt.reference);
      expect(receive(token)).to.deep.equal({ references: [receipt.reference] });
      for (const wrong of ['', receipt.reference, `${receipt.reference}.`, `${token}=`, callBackToken('another secret of ours', receipt.reference), token.replace(receipt.reference, 'RELAIS0ffffffffffffffff')]) expect(receive(wrong)).to.equal('not-authentic');
      expect(receive(token, Buffer.from('{"app_session_id":"other"}'))).to.equal('not-understood');
      expect(receive(token, Buffer.from('['))).to.equal('not-understood');
    });
  });

  describe('what the partner may say', () => {
    const base = { app_session_id: 'S' };
    const SAID: [string, object, object][] = [
      ['one link for all', { code: 21, value: { sign_session_url: 'https://s.example/1' } }, { phase: 'to-sign', links: [{ who: '', url: 'https://s.example/1' }] }],
      ['a link for each, as a list', { code: '21', value: { sign_session_url: [{ email: 'a@b.c', url: 'https://s.example/a' }] } }, { links: [{ who: 'a@b.c', url: 'https://s.example/a' }] }],
      ['who refused, with a reason each', { code: 52, value: { refused_users: [{ email: 'a@b.c', reason: 'no' }] } }, { phase: 'refused', refused: [{ who: 'a@b.c', reason: 'no' }] }],
      ['a state comes before a code', { code: 21, session_state: 'completed' }, { phase: 'returned' }],
      ['files that did not come back', { code: 53 }, { phase: 'uploading' }],
      ['nothing that is known', { code: 7, value: null, message: null }, { phase: 'other', message: '' }],
      ...[40, 41, 50, 51].map((code): [string, object, object] => [`code ${code}`, { code }, { phase: 'failed' }]),
    ];
    for (const [what, said, expected] of SAID) it(what, () => { expect(readSession(JSON.stringify({ ...base, ...said }))).to.deep.include(expected); });

    it('what is no session is none', () => {
      for (const text of ['', '{', '[]', '{}', '{"app_session_id":""}']) expect(readSession(text)).to.equal(null);
    });
  });

  describe('the simulated partner', () => {
    it('is a page where each signer signs or refuses, and nobody else', async () => {
      const { submission, receipt } = await sendOne();
      const { url } = stage.settings();
      const post = (email: string, form: string, headers: Record<string, string> = {}) => fetch(`${url}/sign/${receipt.reference}/${email}`, { method: 'POST', redirect: 'manual', body: form, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } });
      expect(await (await fetch(`${url}/`)).text()).to.include(JEANNE);
      expect((await post(JEANNE, 'do=sign', { origin: 'https://evil.example' })).status).to.equal(403);
      expect((await post('guest@elsewhere.example', 'do=sign')).status).to.equal(409);
      expect((await post(JEANNE, 'do=sign')).status).to.equal(303);
      expect((await post(JEANNE, 'do=sign')).status).to.equal(409);
      expect((await post(LUC, 'do=refuse&reason=%3Cb%3ENon%3C%2Fb%3E')).status).to.equal(303);
      expect(await (await fetch(`${url}/`)).text()).to.include('&lt;b&gt;Non').and.not.include('<b>Non');
      expect(await stage.ask(receipt, submission)).to.have.property('reason').that.includes('Non');
    });

    it('keeps its sessions over a restart where it has a folder', async () => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-signing-'));
      const before = await openSimulator({ folder });
      await signingSession.submit(stage.submission({ fields: { signers: [JEANNE] } }), stage.settings(before.settings), stage.context());
      await before.close();
      const after = await openSimulator({ folder });
      await after.commands.run(`sign ${JEANNE}`);
      expect(after.sessions.all().map(({ state }) => state)).to.deep.equal(['completed']);
      await after.close();
      await rm(folder, { recursive: true });
    });

    it('knows its words, and when they make no sense', async () => {
      expect(await type('juggle')).to.equal(undefined);
      expect(await type('sessions')).to.deep.equal([]);
      expect(await thrownBy(type(`sign ${JEANNE}`))).to.be.instanceOf(Error).with.property('message').that.includes('no session');
    });
  });

  it('a check is content with a gateway that lets us in, and with nothing else', async () => {
    const check = (answer: ScriptedAnswer) => signingSession.check(stage.settings(), stage.context({ http: () => Promise.resolve(httpAnswer(answer)) }));
    await check({ status: 405 });
    await check({ status: 200, body: '[]' });
    for (const status of [401, 404, 502]) expect(await thrownBy(check({ status }))).to.include({ kind: 'misconfigured' });
  });
});
