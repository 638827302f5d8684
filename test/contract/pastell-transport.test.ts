import { expect } from 'chai';
import { pastell } from '../../connectors/pastell/index.js';
import { releaseOf } from '../../connectors/pastell/release.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { httpAnswer, type ScriptedAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { follow, openPastellRig, standing, track, type PastellRig } from '../support/pastell-rig.js';

const LOGIN_PAGE = '<!DOCTYPE html><html><head><title>Connexion</title></head><body>Maintenance en cours</body></html>';

function error(status: number, words: string, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify({ 'status': 'error', 'error-message': words }) };
}

describe('pastell, transport', () => {
  let rig: PastellRig;
  beforeEach(async () => { rig = await openPastellRig(); });
  afterEach(() => rig.close());

  const always = (answer: ScriptedAnswer, which: (request: HttpRequest) => boolean = () => true) => {
    rig.instead = (request) => (which(request) ? httpAnswer(answer) : undefined);
  };

  it('check accepts the account, the entity and the document types', async () => {
    await pastell.check(rig.settings(), rig.context);
    expect(rig.asked.filter((line) => !line.startsWith('GET '))).to.deep.equal([]);
  });

  it('check names an entity, a type or a connector that is not there', async () => {
    expect(await failureOf(pastell.check(rig.settings({ entity: 99 }), rig.context))).to.match(/^misconfigured: .*entity 99.*404/);
    expect(await failureOf(pastell.check(rig.settings({ acts: { type: 'ls-actes' } }), rig.context))).to.match(/^misconfigured: .*«ls-actes».*«actes-generique»/);
    expect(await failureOf(pastell.check(rig.settings({ acts: { type: 'helios-pes-retour' } }), rig.context))).to.match(/^misconfigured: .*«send-tdt»/);
    await rig.run('trouble no-tdt');
    expect(await failureOf(pastell.check(rig.settings({ acts: { type: 'actes-automatique' } }), rig.context))).to.match(/^misconfigured: .*family «TdT»/);
  });

  it('§1.1: a token in place of login and password', async () => {
    await pastell.check(pastell.settings.parse(rig.other.tokenSettings), rig.context);
    const rest = { url: 'https://pastell.ville.example', entity: 12 };
    expect(pastell.settings.safeParse({ ...rig.other.settings, token: 'x' }).success).to.equal(false);
    expect(pastell.settings.safeParse(rest).success).to.equal(false);
  });

  it('§1.1: 401 is misconfigured, and is never a loop: no more logins are tried before a pause that grows', async () => {
    const settings = rig.settings({ password: 'another-password' });
    const submission = await rig.submission('transmit-act');
    for (let times = 0; times < 5; times += 1) expect(await failureOf(pastell.submit(submission, settings, rig.context))).to.match(/^misconfigured/);
    expect(rig.other.login.failures()).to.equal(1);
    rig.pass(300_001);
    for (let times = 0; times < 3; times += 1) await failureOf(pastell.submit(submission, settings, rig.context));
    expect(rig.other.login.failures()).to.equal(2);
    rig.pass(300_001);
    await failureOf(pastell.submit(submission, settings, rig.context));
    expect(rig.other.login.failures()).to.equal(2);
  });

  it('§1.1: 429 with Retry-After: nothing was sent, and it says how long to wait', async () => {
    always(error(429, 'Trop de tentatives', { 'retry-after': '60' }));
    const thrown: unknown = await rig.submit(await rig.submission('transmit-act')).catch((one: unknown) => one);
    expect(thrown).to.include({ kind: 'not-sent', retryAfterMs: 60_000 });
  });

  it('§1.1: 429 on the action: it was not run', async () => {
    always(error(429, 'Trop de tentatives', { 'retry-after': '60' }), ({ url }) => url.includes('/action/'));
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^not-sent/);
  });

  it('§1.2: an error inside a 200 is an error, before the action and on it', async () => {
    always(error(200, 'Malformed UTF-8'), ({ method }) => method === 'GET');
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^not-sent: .*\(200\).*Malformed UTF-8/);
    rig.instead = undefined;
    await rig.run('mishap error-in-200 /file/');
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^not-sent: /);
    expect(rig.asked).to.not.include('mark');
  });

  it('§1.2: 403 is a right that is missing', async () => {
    always(error(403, 'Acces interdit id_e=12, droit=actes-generique:edition'));
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^misconfigured: .*\(403\).*actes-generique:edition.*rights/);
  });

  it('§1.2: 404 of the entity is misconfigured, 404 of a document is a document that is gone', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    always(error(404, 'Le document n\'existe pas'));
    expect(await track(rig, receipt)).to.have.property('note').that.includes('not found');
    expect(await failureOf(rig.submit(await rig.submission('transmit-act', { key: 'other' })))).to.match(/^misconfigured/);
  });

  it('§1.2: 500 before the action: nothing was sent', async () => {
    always(error(500, 'Erreur interne'), ({ method }) => method === 'PATCH');
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^not-sent: .*500/);
  });

  it('an HTML login page in place of an answer, and a maintenance page with HTTP 200: nothing was sent', async () => {
    const submission = await rig.submission('transmit-act');
    for (const status of [200, 201]) {
      always({ status, headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE });
      expect(await failureOf(rig.submit(submission))).to.match(/^not-sent: .*not its answer/);
      expect(await failureOf(pastell.probe(submission, rig.settings(), rig.context))).to.match(/^outcome-unknown/);
    }
    always({ status: 302, headers: { location: '/Connexion/index' } });
    expect(await failureOf(rig.submit(submission))).to.match(/^misconfigured/);
  });

  it('a page of HTML on the action: the outcome is unknown', async () => {
    always({ status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE }, ({ url }) => url.includes('/action/'));
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^outcome-unknown/);
  });

  it('a page in place of a file is not brought back, whatever it is called', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    await rig.run('accept 2027_012');
    for (const type of ['text/html', 'application/pdf', 'application/octet-stream']) {
      always({ status: 200, headers: { 'content-type': type }, body: LOGIN_PAGE }, ({ url }) => url.includes('/file/'));
      expect(await failureOf(track(rig, receipt)), type).to.match(/^outcome-unknown: /);
    }
    always({ status: 200, headers: { 'content-type': 'application/pdf' }, body: '' }, ({ url }) => url.includes('/file/'));
    expect(await failureOf(track(rig, receipt))).to.match(/^outcome-unknown: .*empty/);
    always({ status: 200, headers: { 'content-type': 'application/pdf' }, body: 'not a PDF' }, ({ url }) => url.includes('/file/bordereau'));
    expect(await failureOf(track(rig, receipt))).to.match(/^outcome-unknown: .*not a file of that kind/);
    rig.instead = undefined;
    expect((await follow(rig, receipt)).ending.state).to.equal('done');
  });

  it('a file that cannot be kept leaves no answer open', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    await rig.run('accept 2027_012');
    const answers: HttpAnswer[] = [];
    const { http, blobs } = rig.context;
    const context: typeof rig.context = {
      ...rig.context, blobs: { ...blobs, keep: () => Promise.reject(new Error('the disk is full')) },
      async http(request) {
        const answer = await http(request);
        answers.push(answer);
        return answer;
      },
    };
    const thrown: unknown = await pastell.track?.(receipt, await rig.submission('transmit-act'), rig.settings(), context).catch((one: unknown) => one);
    expect(String(thrown)).to.include('the disk is full');
    expect(answers.at(-1)?.body.destroyed).to.equal(true);
  });

  it('413: the file is too large for one piece, and it says what to raise', async () => {
    always({ status: 413, headers: { 'content-type': 'text/html' }, body: '<html>Request Entity Too Large</html>' }, ({ url }) => url.includes('/file/'));
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^refused: .*413.*post_max_size.*chunkAbove/);
  });

  it('§1: empty maps come as empty lists, scalars as texts or not', async () => {
    always({ status: 200, body: JSON.stringify({ info: { id_d: 'x', type: 'actes-generique', titre: null }, data: [], action_possible: { 1: 'send-tdt' }, last_action: { action: 'send-tdt', message: 12, date: '2027-03-01 10:00:00' } }) });
    const told = await track(rig, { reference: 'x', state: 'sent', data: { entity: 12, type: 'actes-generique', route: { sign: false, transmit: true, deposit: false, mail: false, archive: false, advance: 'each' }, facts: { kind: 'act', number: '2027_012', publishedOn: null }, brought: [], seen: null } });
    expect(told).to.have.property('state', 'pending');
  });

  it('tells what fields can take', async () => {
    const choices = await pastell.choices?.(rig.settings(), rig.context);
    expect(choices?.['nature']).to.include('1');
  });

  it('no secret is in a message', async () => {
    const password = String(rig.other.settings['password']);
    always(error(400, 'non'));
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.not.include(password).and.to.not.include(Buffer.from(`ws-relais:${password}`).toString('base64'));
  });
});

describe('pastell, versions', () => {
  it('reads versions as they are told', () => {
    expect(releaseOf('4.1.0').isAtLeast(4, 1)).to.equal(true);
    expect(releaseOf('4.0.14').isAtLeast(4, 1)).to.equal(false);
    expect(releaseOf('V 3.1.11-rc1').isAtLeast(3, 1, 11)).to.equal(true);
    expect(releaseOf('unknown').isAtLeast(2, 0, 1)).to.equal(false);
    expect(releaseOf('10.0').isAtLeast(4, 1)).to.equal(true);
  });

  for (const version of ['2.0.16', '3.1', '4.1.0'] as const) {
    describe(version, () => {
      let rig: PastellRig;
      beforeEach(async () => { rig = await openPastellRig({ version }); });
      afterEach(() => rig.close());

      it('an act with annexes, from the draft to its acknowledgement', async () => {
        const annexes = [await rig.annex('délibération.pdf'), await rig.annex('plan.pdf', makePdf(['plan']))];
        const receipt = await rig.submit(await rig.submission('transmit-act', { annexes, fields: { mainDocument: 'délibération.pdf', annexes: ['plan.pdf'] } }));
        await rig.run('accept 2027_012');
        const { ending, fields } = await follow(rig, receipt);
        expect(ending.state).to.equal('done');
        expect(fields).to.have.property('actId');
      });

      it('a PES, signed in Pastell, to its acquit', async () => {
        const settings = rig.settings({ flows: { sign: true, subtype: 'Bordereaux' } });
        const receipt = await rig.submit(await rig.submission('transmit-pes'), settings);
        await rig.run(`sign ${receipt.reference}`);
        const { receipt: sent } = await follow(rig, receipt, settings);
        await rig.run('accept PESALR2_0001');
        expect((await follow(rig, sent, settings)).ending.state).to.equal('done');
      });

      it('§1: an id that ends in «php» is no script', async () => {
        await rig.run('next-id abcdphp');
        const receipt = await rig.submit(await rig.submission('transmit-act'));
        expect(receipt.reference).to.equal('abcdphp');
        expect(await track(rig, receipt)).to.have.property('state', 'pending');
        expect(standing(rig)).to.deep.equal(['actes-generique send-tdt']);
      });

      it('§4.4: chunks only where the version has them', async () => {
        const annexes = [await rig.annex('grand.pdf', Buffer.concat([makePdf(['x']), Buffer.alloc(2 ** 20)]))];
        await rig.submit(await rig.submission('sign', { annexes, fields: { subtype: 'College' } }), rig.settings({ chunkAbove: 2 ** 20 }));
        expect(rig.asked.some((line) => line.includes('/chunk/'))).to.equal(version === '4.1.0');
      });

      it('files of an attempt before that are no more are not sent', async () => {
        const files = [await rig.annex('décision.pdf'), await rig.annex('a.pdf', makePdf(['a']))];
        const context = { ...rig.context, markSent: () => Promise.reject(new Error('the process died')) };
        await pastell.submit(await rig.submission('sign', { annexes: files, fields: { subtype: 'College' } }), rig.settings(), context).catch(() => undefined);
        await rig.submit(await rig.submission('sign', { annexes: files.slice(0, 1), fields: { subtype: 'College' } }));
        expect(rig.other.documents().map(({ files: held }) => held['autre_document_attache']?.length ?? 0)).to.deep.equal([0]);
      });
    });
  }
});
