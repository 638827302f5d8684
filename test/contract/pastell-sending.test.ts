import { expect } from 'chai';
import { documentMark } from '../../connectors/pastell/document-mark.js';
import { pastell } from '../../connectors/pastell/index.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { ACT, openPastellRig, PDF, standing, type PastellRig } from '../support/pastell-rig.js';
import { pesFile } from '../support/pes-file.js';

const MARK = documentMark('delivery-1');

describe('pastell, sending', () => {
  let rig: PastellRig;
  beforeEach(async () => { rig = await openPastellRig(); });
  afterEach(() => rig.close());

  function document() {
    const [only, ...others] = rig.other.documents();
    if (only === undefined || others.length > 0) throw new Error(`${rig.other.documents().length} documents are there`);
    return only;
  }
  const calls = (method: string) => rig.asked.filter((line) => line.startsWith(`${method} `));
  const answerWith = (method: string, path: RegExp, status: number, body: unknown) => {
    rig.instead = (request) => (request.method === method && path.test(request.url) ? httpAnswer({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) : undefined);
  };
  const REFUSAL = { 'status': 'error', 'error-message': 'Une action est déjà en cours de réalisation sur ce document' };
  const LATER = { 'status': 'error', 'error-message': 'Le connecteur est occupé' };

  it('§8: looks up, makes, fills in, requires a complete form, marks, and only then starts', async () => {
    const receipt = await rig.submit(await rig.submission('transmit-act'));
    expect(receipt).to.include({ state: 'sent', reference: document().id });
    const steps = rig.asked.map((line) => line.replace(/\?.*/, '').replaceAll(document().id, 'ID'));
    expect(steps.slice(0, 2)).to.deep.equal(['GET document', 'POST document']);
    expect(steps.slice(-2)).to.deep.equal(['mark', 'POST document/ID/action/send-tdt']);
    expect(document().values).to.include({ numero_de_lacte: '2027_012', acte_nature: '1', date_de_lacte: '2027-02-26', envoi_tdt: '1', type_acte: '99_DE' });
    expect(document().files['arrete']?.map(({ filename }) => filename)).to.deep.equal([`délibération-${MARK}.pdf`]);
  });

  it('§1, §8: PATCH is urlencoded, keys and values, so that accents, & and + arrive', async () => {
    const subject = 'Voirie & égouts : 100 % + l\'été = é';
    await rig.submit(await rig.submission('transmit-act', { fields: { subject } }));
    expect(document().values['objet']).to.equal(subject);
  });

  it('§4.2: a field that Pastell drops silently is noticed, and nothing is started', async () => {
    const { http } = rig.context;
    const context: typeof rig.context = { ...rig.context, http: (request) => http(typeof request.body === 'string' ? { ...request, body: request.body.replace('envoi_tdt=1', 'no_such_field=1') } : request) };
    expect(await failureOf(pastell.submit(await rig.submission('transmit-act'), rig.settings(), context))).to.match(/^refused: .*«envoi_tdt».*«1».*«»/);
    expect(rig.asked).to.not.include('mark');
  });

  it('§3: formulaire_ok=0 is no HTTP error: refused with the words of Pastell, and the draft is continued later', async () => {
    await rig.run('trouble never-complete');
    const submission = await rig.submission('transmit-act');
    expect(await failureOf(rig.submit(submission))).to.match(/^refused: Pastell does not find the document complete/);
    await rig.run('calm');
    await rig.submit(submission);
    expect(standing(rig)).to.deep.equal(['actes-generique send-tdt']);
  });

  it('§8: a crash between making and the first edit is healed within the process, between the edit and the action by the look-up', async () => {
    const submission = await rig.submission('transmit-act');
    const settings = rig.settings();
    let patches = 0;
    rig.instead = ({ method }) => (method === 'PATCH' && (patches += 1) === 1 ? httpAnswer({ status: 500, body: '{"status":"error","error-message":"Erreur interne"}' }) : undefined);
    expect(await failureOf(rig.submit(submission, settings))).to.match(/^not-sent/);
    rig.instead = ({ method, url }) => (method === 'POST' && url.includes('/file/') ? httpAnswer({ status: 500, body: '{"status":"error","error-message":"Erreur interne"}' }) : undefined);
    expect(await failureOf(rig.submit(submission, settings))).to.match(/^not-sent/);
    rig.instead = undefined;
    // other settings stand for another process
    await rig.submit(submission, rig.settings());
    expect(calls('POST').filter((line) => line === 'POST document')).to.have.length(1);
    expect(standing(rig)).to.deep.equal(['actes-generique send-tdt']);
  });

  it('§8: no blind resend: a lost answer of the action is unknown, the probe finds the document, a repeat makes none', async () => {
    for (const operation of ['transmit-act', 'transmit-pes'] as const) {
      const submission = await rig.submission(operation, { key: operation });
      await rig.run('mishap lost /action/');
      expect(await failureOf(rig.submit(submission)), operation).to.match(/^outcome-unknown/);
      const probed = await pastell.probe(submission, rig.settings(), rig.context);
      const again = await rig.submit(submission);
      expect(probed, operation).to.deep.equal({ found: again });
    }
    expect(standing(rig)).to.deep.equal(['actes-generique send-tdt', 'helios-generique send-tdt']);
  });

  it('§8: a draft proves that nothing was started; the probe changes nothing', async () => {
    const submission = await rig.submission('sign', { fields: { subtype: 'College' } });
    const context = { ...rig.context, markSent: () => Promise.reject(new Error('the process died')) };
    await pastell.submit(submission, rig.settings(), context).catch(() => undefined);
    expect(await pastell.probe(submission, rig.settings(), rig.context)).to.equal('absent');
    expect(standing(rig)).to.deep.equal(['document-a-signer modification']);
    await rig.submit(submission);
    expect(standing(rig)).to.deep.equal(['document-a-signer send-iparapheur']);
  });

  it('§4.5: a draft whose action may still be running proves nothing', async () => {
    const submission = await rig.submission('transmit-act');
    const context = { ...rig.context, markSent: () => Promise.reject(new Error('the process died')) };
    await pastell.submit(submission, rig.settings(), context).catch(() => undefined);
    await rig.run('trouble never-complete');
    expect(await failureOf(pastell.probe(submission, rig.settings(), rig.context))).to.match(/^not-sent: .*still be running/);
  });

  it('§4.1: the search finds parts of numbers, and is compared whole', async () => {
    await rig.submit(await rig.submission('transmit-act', { key: 'other', fields: { number: '2027_0121' } }));
    await rig.submit(await rig.submission('transmit-act'));
    expect(standing(rig)).to.deep.equal(['actes-generique send-tdt', 'actes-generique send-tdt']);
  });

  describe('an operator found it there', () => {
    const confirm = async (foundAs: string, given: Parameters<PastellRig['submission']>[1], operation: 'transmit-act' | 'transmit-pes' | 'sign' = 'transmit-act') =>
      pastell.probe({ ...await rig.submission(operation, given), foundAs }, rig.settings(), rig.context);

    it('an act by its number, a flow by its NomFic, made by another way; it is followed from there', async () => {
      for (const operation of ['transmit-act', 'transmit-pes'] as const) {
        const by = await rig.submit(await rig.submission(operation, { key: 'by hand' }));
        rig.asked.length = 0;
        expect(await confirm(` ${by.reference} `, {}, operation)).to.deep.equal({ found: by });
        expect(rig.asked.filter((line) => !line.startsWith('GET '))).to.deep.equal([]);
      }
    });

    it('whatever its title is now, by the bytes of its main file; another one is refused', async () => {
      const annexes = [await rig.annex('lettre.pdf', makePdf(['Une lettre']))];
      const by = await rig.submit(await rig.submission('sign', { key: 'by hand', title: 'Autre titre', annexes, fields: { subtype: 'College' } }));
      expect(await confirm(by.reference, { annexes, fields: { subtype: 'College' } }, 'sign')).to.have.nested.property('found.reference', by.reference);
      expect(await failureOf(confirm(by.reference, { fields: { subtype: 'College' } }, 'sign'))).to.match(/^refused: .*«Autre titre.*another one/);
    });

    it('another number, another type, a draft, or nothing, is refused, with why', async () => {
      const other = await rig.submit(await rig.submission('transmit-act', { key: 'other', annexes: [await rig.annex('autre.pdf', makePdf(['Autre']))], fields: { number: '2027_0121' } }));
      expect(await failureOf(confirm(other.reference, {}))).to.match(/^refused: .*another one/);
      expect(await failureOf(confirm(other.reference, {}, 'transmit-pes'))).to.match(/^refused: .*of type «actes-generique»/);
      expect(await failureOf(confirm('nowhere', {}))).to.match(/^refused: Pastell shows this account no document «nowhere»/);
      const context = { ...rig.context, markSent: () => Promise.reject(new Error('the process died')) };
      await pastell.submit(await rig.submission('transmit-act'), rig.settings(), context).catch(() => undefined);
      const draft = rig.other.documents().find(({ id }) => id !== other.reference)?.id ?? '';
      expect(await failureOf(confirm(draft, {}))).to.match(/^refused: .*as a draft/);
    });
  });

  it('an act whose number is on its way by another delivery is refused before anything is sent', async () => {
    await rig.submit(await rig.submission('transmit-act', { key: 'first' }));
    expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^refused: The act «2027_012» is in Pastell already/);
    expect(rig.asked.filter((line) => line === 'mark')).to.have.length(1);
    expect(standing(rig)).to.deep.equal(['actes-generique send-tdt']);
  });

  it('a number that was refused in the signature book may be used again', async () => {
    const settings = rig.settings({ acts: { sign: true, subtype: 'Conseil' } });
    const first = await rig.submit(await rig.submission('transmit-act', { key: 'first' }), settings);
    await rig.run(`refuse ${first.reference} Non`);
    await rig.other.commands?.run('documents');
    await pastell.track?.(first, await rig.submission('transmit-act'), settings, rig.context);
    await rig.submit(await rig.submission('transmit-act', { key: 'second' }), settings);
    expect(standing(rig)).to.deep.equal(['actes-generique rejet-iparapheur', 'actes-generique send-iparapheur']);
  });

  it('the same NomFic twice, with the same and with other content: the second delivery is refused, nothing is sent twice', async () => {
    await rig.submit(await rig.submission('transmit-pes', { key: 'first' }));
    expect(await failureOf(rig.submit(await rig.submission('transmit-pes')))).to.match(/^refused: The PES flow «PESALR2_0001» is in Pastell already/);
    const changed = [await rig.annex('autre.xml', pesFile({ nomFic: 'PESALR2_0001', slips: 2 }), { mediaType: 'application/xml' })];
    expect(await failureOf(rig.submit(await rig.submission('transmit-pes', { annexes: changed })))).to.match(/^refused: The PES flow/);
    expect(standing(rig)).to.deep.equal(['helios-generique send-tdt']);
  });

  it('a sub-second double drop: of two deliveries of one flow at the same time, one is sent', async () => {
    const both = await Promise.all([await rig.submission('transmit-pes', { key: 'a' }), await rig.submission('transmit-pes', { key: 'b' })].map((one) => rig.submit(one).then(() => 'sent', (error: unknown) => String(error))));
    expect(both.filter((one) => one === 'sent')).to.have.length(1);
    expect(standing(rig).filter((one) => one.endsWith('send-tdt'))).to.have.length(1);
  });

  it('§5.2: the title of a PES is its NomFic and the mark, because no field of the flow is ours', async () => {
    await rig.submit(await rig.submission('transmit-pes'));
    expect(document().values['objet']).to.equal(`PESALR2_0001 [${MARK}]`);
  });

  it('a UTF-8 PES is refused here, before Pastell is asked', async () => {
    const annexes = [await rig.annex('utf8.xml', pesFile({ nomFic: 'PES_UTF8', encoding: 'UTF-8' }), { mediaType: 'application/xml' })];
    expect(await failureOf(rig.submit(await rig.submission('transmit-pes', { annexes })))).to.match(/^refused/);
    expect(rig.asked).to.deep.equal([]);
  });

  it('§4.3: files come before their typologies, main document first, annexes in their order', async () => {
    const annexes = [await rig.annex('délibération.pdf'), await rig.annex('plan.pdf', makePdf(['plan'])), await rig.annex('note.pdf', makePdf(['note']))];
    await rig.submit(await rig.submission('transmit-act', { annexes, fields: { mainDocument: 'délibération.pdf', annexes: ['plan.pdf', 'note.pdf'], annexTypologies: ['', ''] } }));
    expect(document().files['autre_document_attache']?.map(({ filename }) => filename)).to.deep.equal(['plan.pdf', 'note.pdf']);
    const posts = rig.asked.map((line) => line.replaceAll(document().id, 'ID'));
    expect(posts.indexOf('PATCH document/ID/externalData/type_piece')).to.be.greaterThan(posts.indexOf('POST document/ID/file/autre_document_attache/1'));
  });

  it('§4.3: a matter that the classification lost overnight is refused, with those beside it', async () => {
    expect(await failureOf(rig.submit(await rig.submission('transmit-act', { fields: { classification: '7.99' } })))).to.match(/^refused: Field «classification»: found «7\.99».*«7\./);
    expect(rig.asked).to.not.include('mark');
  });

  it('classification changed overnight: the platform says so, nothing is sent, and it goes once Pastell has it', async () => {
    await rig.run('reclassify');
    const submission = await rig.submission('transmit-act');
    expect(await failureOf(rig.submit(submission))).to.match(/^not-sent: .*classification/);
    await rig.run('refresh');
    await rig.submit(submission);
    expect(standing(rig)).to.deep.equal(['actes-generique send-tdt']);
  });

  it('§4.3: a sub-type that is not known is refused, with the words of Pastell', async () => {
    expect(await failureOf(rig.submit(await rig.submission('sign', { fields: { subtype: 'Inconnu' } })))).to.match(/^refused: Pastell refused the value of «iparapheur_sous_type»/);
  });

  it('§2, §4.4: files of an attempt before that are no more are removed, from the last on', async () => {
    const files = [await rig.annex('décision.pdf'), await rig.annex('a.pdf', makePdf(['a'])), await rig.annex('b.pdf', makePdf(['b']))];
    const given = { fields: { subtype: 'College' } };
    const context = { ...rig.context, markSent: () => Promise.reject(new Error('the process died')) };
    await pastell.submit(await rig.submission('sign', { ...given, annexes: files }), rig.settings(), context).catch(() => undefined);
    await rig.submit(await rig.submission('sign', { ...given, annexes: files.slice(0, 2) }));
    expect(document().files['autre_document_attache']?.map(({ filename }) => filename)).to.deep.equal(['a.pdf']);
  });

  it('§4.4: a large file travels in chunks where the version has them, in order and whole', async () => {
    const large = Buffer.concat([PDF, Buffer.alloc(9 * 2 ** 20, 7)]);
    const annex = await rig.annex('grand.pdf', large);
    await rig.submit(await rig.submission('sign', { fields: { subtype: 'College' }, annexes: [annex] }), rig.settings({ chunkAbove: 2 ** 20 }));
    expect(calls('POST').filter((line) => line.includes('/chunk/document/0'))).to.have.length(10);
    expect(document().files['document']?.[0]?.sha256).to.equal(annex.sha256);
  });

  it('a 150 MiB act is refused before sending', async () => {
    const annex = await rig.annex('grand.pdf', PDF, { size: 157_286_400 });
    expect(await failureOf(rig.submit(await rig.submission('transmit-act', { annexes: [annex] })))).to.match(/^refused: .*150 MiB/);
    expect(rig.asked).to.deep.equal([]);
  });

  describe('§6.1: the action is refused', () => {
    it('busy, state unchanged, action still offered: nothing was sent, tried again', async () => {
      const submission = await rig.submission('transmit-act');
      answerWith('POST', /\/action\/send-tdt$/, 400, LATER);
      expect(await failureOf(rig.submit(submission))).to.match(/^not-sent: Pastell did not run «send-tdt» \(400\): Le connecteur est occupé/);
      answerWith('POST', /\/action\/send-tdt$/, 403, LATER);
      expect(await failureOf(rig.submit(submission))).to.match(/^not-sent: .*\(403\)/);
      answerWith('POST', /\/action\/send-tdt$/, 200, LATER);
      expect(await failureOf(rig.submit(submission))).to.match(/^not-sent: .*\(200\)/);
    });

    it('an action is already running, and the state has not moved yet: nobody is called, it is tried again', async () => {
      answerWith('POST', /\/action\/send-tdt$/, 400, REFUSAL);
      expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^not-sent: .*déjà en cours/);
    });

    it('an action is already running: the state moved meanwhile, so it is sent', async () => {
      const submission = await rig.submission('transmit-act');
      const { http } = rig.context;
      const context: typeof rig.context = {
        ...rig.context,
        async http(request) {
          const answer = await http(request);
          if (!request.url.endsWith('/action/send-tdt')) return answer;
          answer.body.destroy();
          return httpAnswer({ status: 400, body: JSON.stringify(REFUSAL) });
        },
      };
      expect(await pastell.submit(submission, rig.settings(), context)).to.include({ state: 'sent' });
    });

    it('the platform refuses synchronously, and the state does not move: a number that was used is refused, not tried for ever', async () => {
      answerWith('POST', /\/action\/send-tdt$/, 400, { 'status': 'error', 'error-message': 'KO Le numéro de l\'acte est déjà utilisé' });
      expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^refused: .*déjà utilisé/);
    });

    it('500: the outcome is unknown', async () => {
      await rig.run('mishap late-500 /action/');
      const submission = await rig.submission('transmit-act');
      expect(await failureOf(rig.submit(submission))).to.match(/^outcome-unknown: .*500/);
      expect(await pastell.probe(submission, rig.settings(), rig.context)).to.have.property('found');
    });

    it('and it cannot be asked where the document stands: the outcome is unknown', async () => {
      let refused = false;
      rig.instead = ({ method, url }) => {
        if (refused) return httpAnswer({ status: 503 });
        refused = method === 'POST' && url.endsWith('/action/send-tdt');
        return refused ? httpAnswer({ status: 400, body: JSON.stringify(LATER) }) : undefined;
      };
      expect(await failureOf(rig.submit(await rig.submission('transmit-act')))).to.match(/^outcome-unknown: .*could not be asked/);
    });
  });

  it('§4.5: actions get two minutes at least, other calls what is set', async () => {
    const timeouts = new Map<string, number | undefined>();
    rig.instead = ({ method, url, timeoutMs }) => { timeouts.set(`${method} ${url.includes('/action/') ? 'action' : ''}`, timeoutMs); return undefined; };
    await rig.submit(await rig.submission('transmit-act'), rig.settings({ timeoutMs: 5_000 }));
    expect(timeouts.get('POST action')).to.equal(120_000);
    expect(timeouts.get('PATCH ')).to.equal(5_000);
  });

  it('the fields of an act are the same as on any platform', () => {
    expect(Object.keys(pastell.manifest.operations['transmit-act']?.fields ?? {})).to.include.members(Object.keys(ACT));
  });
});
