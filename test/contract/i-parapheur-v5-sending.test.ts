import { expect } from 'chai';
import { iParapheurV5 } from '../../connectors/i-parapheur-v5/index.js';
import { KEY_METADATA } from '../../connectors/i-parapheur-v5/simulator.js';
import { DEFAULT_DESK_TYPES } from '../../src/signature-desk/desk-types.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { openV5Rig, PDF, track, type V5Rig } from '../support/v5-parapheur.js';

const OTHER = Buffer.from('%PDF-1.7 something else\n%%EOF\n');
const LISTS = ['DRAFT', 'DOWNSTREAM', 'PENDING', 'LATE', 'FINISHED', 'REJECTED'];

describe('sending to i-Parapheur 5', () => {
  let rig: V5Rig;
  beforeEach(async () => { rig = await openV5Rig(); });
  afterEach(() => rig.close());

  const listsAsked = () => rig.asked.flatMap((line) => /^GET ([A-Z]+)\?/.exec(line)?.[1] ?? []);

  it('asks everything before the mark, and creates after it', async () => {
    await iParapheurV5.submit(await rig.submission(), rig.settings(), rig.context);
    const [before, after] = [rig.asked.slice(0, rig.asked.indexOf('mark')), rig.asked.slice(rig.asked.indexOf('mark') + 1)];
    expect(before.filter((line) => !line.startsWith('GET'))).to.have.length(1).and.to.satisfy(([line]: string[]) => line?.endsWith('/token'));
    expect(after).to.deep.equal(['POST folder?autoStart=true']);
  });

  it('§3.3: title, type, deadline, metadata and files arrive, whatever their characters', async () => {
    const annexes = [await rig.annex('délibération «été» & co.pdf'), await rig.annex('plan.pdf', OTHER), await rig.annex('plan.pdf', PDF)];
    const fields = { type: 'Conventions', subtype: 'Avec montant', deadline: '2027-04-01', 'metadata.montant': '12500.5', 'metadata.reference': '<b> & "é"\u0001' };
    const submission = await rig.submission({ title: 'Convention <Haute> & «Basse»\nn° 2/2027', fields, annexes });
    const receipt = await iParapheurV5.submit(submission, rig.settings(), rig.context);
    const { id, title, type, subtype, deadline, metadata, main, annexes: others } = rig.folder();
    expect({ id, title, type, subtype, deadline }).to.deep.equal({ id: receipt.reference, title: 'Convention <Haute> & «Basse» n° 2/2027', type: 'Conventions', subtype: 'Avec montant', deadline: '2027-04-01' });
    expect(metadata).to.include({ montant: '12500.5', reference: '<b> & "é"' });
    expect(metadata[KEY_METADATA]).to.match(new RegExp(`^${submission.item.uid}/[0-9a-f]{12}$`));
    expect([...main, ...others].map(({ filename, sha256 }) => [filename, sha256])).to.deep.equal([['délibération «été» & co.pdf', annexes[0]?.sha256], ['plan.pdf', annexes[1]?.sha256], ['plan-2.pdf', annexes[2]?.sha256]]);
  });

  it('§1.5: several main documents, and a detached signature that exists already', async () => {
    const annexes = [await rig.annex('a.pdf'), await rig.annex('b.pdf', OTHER), await rig.annex('a.p7s', Buffer.from('a signature'), { mediaType: 'application/pkcs7-signature' })];
    const fields = { type: 'Conventions', subtype: 'Avec montant', supplementaryDocuments: ['b.pdf'], detachedSignature: 'a.p7s', 'metadata.montant': '1' };
    await iParapheurV5.submit(await rig.submission({ fields, annexes }), rig.settings(), rig.context);
    const { main, annexes: others } = rig.folder();
    expect(main.map(({ filename, signatures }) => [filename, signatures.map(({ sha256 }) => sha256)])).to.deep.equal([['a.pdf', [annexes[2]?.sha256]], ['b.pdf', []]]);
    expect(others).to.deep.equal([]);
  });

  it('§2.4: a title of 300 characters is one of 255, the mark included where it stands there', async () => {
    const title = `Délibération/${'é'.repeat(300)}`;
    await iParapheurV5.submit(await rig.submission({ title }), rig.settings(), rig.context);
    expect(Array.from(rig.folder().title)).to.have.length(255);
    await iParapheurV5.submit(await rig.submission({ title, key: 'delivery-2' }), rig.settings({ keyMetadata: undefined }), rig.context);
    expect(Array.from(rig.book.desk.list()[1]?.title ?? '')).to.have.length(255).and.to.satisfy((letters: string[]) => / \[[0-9a-f]{12}\]$/.test(letters.join('')));
  });

  it('§3.3: type and sub-type are taken by name or identifier, once looked up for ten minutes', async () => {
    const settings = rig.settings();
    await iParapheurV5.submit(await rig.submission(), settings, rig.context);
    const typesAsked = () => rig.asked.filter((line) => line.startsWith('GET types')).length;
    expect(typesAsked()).to.equal(2);
    const { typeId, subtypeId } = Object.fromEntries(new URLSearchParams(rig.asked.find((line) => line.startsWith('GET DRAFT'))?.split('?')[1]));
    await iParapheurV5.submit(await rig.submission({ key: 'delivery-2', fields: { type: typeId ?? '', subtype: subtypeId ?? '' } }), settings, rig.context);
    expect(typesAsked()).to.equal(2);
    expect(rig.book.desk.list().map(({ subtype }) => subtype)).to.deep.equal(['College', 'College']);
  });

  it('a type that does not exist is refused before the mark, naming those that do', async () => {
    expect(await failureOf(iParapheurV5.submit(await rig.submission({ fields: { type: 'Inconnu' } }), rig.settings(), rig.context))).to.match(/^refused: .*«Inconnu».*«Délibérations», «Courrier»/);
    expect(await failureOf(iParapheurV5.submit(await rig.submission({ fields: { subtype: 'Sortant' } }), rig.settings(), rig.context))).to.match(/^refused: Field «subtype».*«College»/);
    expect(rig.asked).to.not.include('mark');
  });

  it('a type removed while items wait: refused by the other side first, by Relais from then on', async () => {
    const settings = rig.settings();
    await iParapheurV5.submit(await rig.submission(), settings, rig.context);
    rig.book.desk.removeType('Délibérations');
    const second = await rig.submission({ key: 'delivery-2' });
    expect(await failureOf(iParapheurV5.submit(second, settings, rig.context))).to.match(/^refused: i-Parapheur answered 404/);
    expect(await failureOf(iParapheurV5.submit(second, settings, rig.context))).to.match(/^refused: Field «type»/);
    expect(await iParapheurV5.submit(await rig.submission({ key: 'delivery-3', fields: { type: 'Courrier', subtype: 'Sortant' } }), settings, rig.context)).to.have.property('state', 'sent');
  });

  it('§1.7: a metadata that is missing is refused, with the words of the other side, whatever the status', async () => {
    const submission = await rig.submission({ fields: { type: 'Conventions', subtype: 'Avec montant' } });
    expect(await failureOf(iParapheurV5.submit(submission, rig.settings(), rig.context))).to.match(/^refused: .*mandatory metadata montant/);
    rig.instead = ({ method, url }) => (method === 'POST' && url.includes('/folder') ? httpAnswer({ status: 500, body: '{"message":"A mandatory metadata is not filled: montant"}' }) : undefined);
    expect(await failureOf(iParapheurV5.submit(submission, rig.settings(), rig.context))).to.match(/^refused: .*montant/);
    expect(rig.book.desk.list()).to.deep.equal([]);
  });

  it('504 after the folder was committed: the outcome is unknown, the probe finds it, and it is there once', async () => {
    const settings = rig.settings();
    const submission = await rig.submission();
    rig.book.mishaps.add('gateway-timeout');
    expect(await failureOf(iParapheurV5.submit(submission, settings, rig.context))).to.match(/^outcome-unknown: .*504/);
    rig.book.mishaps.clear();
    const probed = await iParapheurV5.probe(submission, settings, rig.context);
    const again = await iParapheurV5.submit(submission, settings, rig.context);
    expect(probed).to.deep.equal({ found: again });
    expect(again.reference).to.equal(rig.folder().id);
  });

  it('§3.4: absence is proved by every list of the desk, page by page', async () => {
    const settings = rig.settings();
    const submission = await rig.submission();
    for (let number = 0; number < 60; number += 1) await iParapheurV5.submit({ ...submission, key: `k${number}` }, settings, rig.context);
    rig.asked.length = 0;
    expect(await iParapheurV5.probe({ ...submission, key: 'k60' }, settings, rig.context)).to.equal('absent');
    expect(listsAsked()).to.deep.equal(['DRAFT', 'DOWNSTREAM', 'DOWNSTREAM', 'PENDING', 'LATE', 'FINISHED', 'REJECTED']);
    expect(await iParapheurV5.probe({ ...submission, key: 'k59' }, settings, rig.context)).to.have.property('found');
  }).timeout(30_000);

  it('§3.2: a list that changes while it is read is read again; a page of HTML proves nothing', async () => {
    const submission = await rig.submission();
    let pages = 0;
    rig.instead = ({ url }) => {
      if (!url.includes('/DOWNSTREAM')) return undefined;
      pages += 1;
      return httpAnswer({ status: 200, body: JSON.stringify({ content: [{ id: `f${pages}`, name: 'x', metadata: {} }], totalElements: 10 - pages, last: url.includes('page=1') }) });
    };
    expect(await failureOf(iParapheurV5.probe(submission, rig.settings(), rig.context))).to.match(/^outcome-unknown: .*changes a list/);
    expect(pages).to.equal(6);
    rig.instead = undefined;
    rig.book.mishaps.add('html');
    expect(await failureOf(iParapheurV5.probe(submission, rig.settings(), rig.context))).to.match(/^outcome-unknown/);
  });

  it('is recognised by the end of its title where there is no metadata for it, and by its history where lists tell none', async () => {
    for (const [key, settings] of [['in-title', rig.settings({ keyMetadata: undefined })], ['in-history', rig.settings()]] as const) {
      rig.book.mishaps.add('lists-without-metadata');
      const submission = await rig.submission({ key });
      const receipt = await iParapheurV5.submit(submission, settings, rig.context);
      expect(await iParapheurV5.probe(submission, settings, rig.context)).to.deep.equal({ found: receipt });
      expect((await iParapheurV5.submit(submission, settings, rig.context)).reference).to.equal(receipt.reference);
      expect(await iParapheurV5.probe({ ...submission, key: `${key}-other` }, settings, rig.context)).to.equal('absent');
    }
  });

  it('the same delivery with another document: refused, for a person to look at', async () => {
    const settings = rig.settings();
    const submission = await rig.submission();
    await iParapheurV5.submit(submission, settings, rig.context);
    const changed = { ...submission, item: { ...submission.item, annexes: [await rig.annex('another.pdf', OTHER)] } };
    expect(await failureOf(iParapheurV5.submit(changed, settings, rig.context))).to.match(/^refused: .*«décision\.pdf» and not «another\.pdf»/);
    expect(await failureOf(iParapheurV5.probe(changed, settings, rig.context))).to.match(/^refused/);
    expect(rig.folder().main[0]?.filename).to.equal('décision.pdf');
  });

  describe('annotations (§3.4: two steps)', () => {
    const fields = { publicAnnotation: 'Pour le 12 mars', privateAnnotation: 'Vu' };

    it('arrive with the start, though the first history has no event', async () => {
      await iParapheurV5.submit(await rig.submission({ fields }), rig.settings(), rig.context);
      expect(rig.folder()).to.include({ state: 'running', ...fields });
      expect(rig.asked.slice(rig.asked.indexOf('mark') + 1).map((line) => line.replace(/folder\/[^/]+\/(task\/[^/]+)?/, '…'))).to.deep.equal(['POST folder?autoStart=false', 'GET …premis', 'GET …premis', 'PUT …/start']);
    });

    it('a failed start leaves a draft: it is sent, and started when it is asked about', async () => {
      const settings = rig.settings();
      rig.book.mishaps.add('start-fails');
      const submission = await rig.submission({ fields });
      const receipt = await iParapheurV5.submit(submission, settings, rig.context);
      expect(rig.folder().state).to.equal('draft');
      expect(await failureOf(track(rig, receipt, settings))).to.match(/^outcome-unknown/);
      rig.book.mishaps.clear();
      expect((await track(rig, receipt, settings)).state).to.equal('pending');
      expect(rig.folder()).to.include({ state: 'running', ...fields });
    });

    it('a draft of an attempt that died is found and started, not made again', async () => {
      const settings = rig.settings();
      rig.book.mishaps.add('gateway-timeout');
      const submission = await rig.submission({ fields });
      await failureOf(iParapheurV5.submit(submission, settings, rig.context));
      rig.book.mishaps.clear();
      const probed = await iParapheurV5.probe(submission, settings, rig.context);
      if (typeof probed === 'string') throw new Error(probed);
      expect(rig.folder().state).to.equal('draft');
      await track(rig, probed.found, settings);
      expect(rig.folder()).to.include({ state: 'running', ...fields });
    });

    it('a start that is refused removes the draft, and says why', async () => {
      rig.instead = ({ method, url }) => (method === 'PUT' && url.endsWith('/start') ? httpAnswer({ status: 406, body: '{"message":"The signatory is missing"}' }) : undefined);
      expect(await failureOf(iParapheurV5.submit(await rig.submission({ fields }), rig.settings(), rig.context))).to.match(/^refused: .*circuit.*The signatory is missing/);
      expect(rig.book.desk.list()).to.deep.equal([]);
    });
  });

  it('§1.5: a PES file without Ids is refused here', async () => {
    const pes = await rig.annex('pes.xml', Buffer.from('<PES_Aller><PES_DepenseAller><Bordereau/></PES_DepenseAller></PES_Aller>'), { mediaType: 'application/xml' });
    expect(await failureOf(iParapheurV5.submit(await rig.submission({ fields: { type: 'PES', subtype: 'Bordereau' }, annexes: [pes] }), rig.settings(), rig.context))).to.match(/^refused: «pes.xml» cannot be signed/);
    expect(rig.asked).to.deep.equal([]);
  });

  it('a tenant or desk that is not there is misconfigured, naming those that are', async () => {
    expect(await failureOf(iParapheurV5.check(rig.settings({ tenant: 'Autre' }), rig.context))).to.match(/^misconfigured: Setting «tenant».*«Ville de démonstration»/);
    expect(await failureOf(iParapheurV5.check(rig.settings({ desk: 'Autre' }), rig.context))).to.match(/^misconfigured: Setting «desk».*«Service Web»/);
    expect(await failureOf(iParapheurV5.check(rig.settings({ type: 'Autre', subtype: undefined }), rig.context))).to.match(/^misconfigured: Field «type»/);
  });

  it('tells the types and sub-types that can be chosen', async () => {
    const choices = await iParapheurV5.choices?.(rig.settings(), rig.context);
    expect(choices?.['type']).to.deep.equal(DEFAULT_DESK_TYPES.map(({ type }) => type));
    expect(choices?.['subtype']).to.include.members(['College', 'Détachée']);
  });

  it('keeps the lists that it reads for an attempt to the type of the folder', async () => {
    await iParapheurV5.submit(await rig.submission(), rig.settings(), rig.context);
    expect(listsAsked()).to.deep.equal(LISTS);
    expect(rig.asked.filter((line) => LISTS.some((list) => line.startsWith(`GET ${list}?`))).every((line) => line.includes('typeId=') && line.includes('subtypeId='))).to.equal(true);
  });

  it('cancel: takes back what nobody has touched, is too late after a visa, and content with what is gone', async () => {
    const settings = rig.settings();
    const take = async (key: string, before: (id: string) => Promise<unknown>) => {
      const submission = await rig.submission({ key });
      const receipt = await iParapheurV5.submit(submission, settings, rig.context);
      await before(receipt.reference);
      return [await iParapheurV5.cancel?.(receipt, submission, settings, rig.context), rig.book.desk.find(receipt.reference)?.state];
    };
    expect(await take('a', () => Promise.resolve())).to.deep.equal(['cancelled', undefined]);
    expect(await take('b', (id) => rig.book.desk.act(id, { do: 'visa' }))).to.deep.equal(['too-late', 'running']);
    expect(await take('c', (id) => rig.book.desk.finish(id))).to.deep.equal(['too-late', 'finished']);
    expect(await take('d', (id) => rig.book.desk.remove(id))).to.deep.equal(['cancelled', undefined]);
  });

  it('the simulator shows its folders on a page, and takes words at its terminal', async () => {
    const receipt = await iParapheurV5.submit(await rig.submission(), rig.settings(), rig.context);
    const answer = await rig.context.http({ method: 'GET', url: rig.book.page ?? '', allowPrivate: true });
    expect(await answer.text()).to.include('Réfection de la rue Haute').and.to.include(receipt.reference);
    expect(await rig.book.commands?.run(`visa ${receipt.reference.slice(0, 8)}`)).to.have.length(1);
    expect(await rig.book.commands?.run('mishap html')).to.deep.equal(['html: from now on']);
    expect([...rig.book.mishaps]).to.deep.equal(['html']);
    expect(await rig.book.commands?.run('mishap html')).to.deep.equal(['html: no longer']);
    expect(await rig.book.commands?.run('mishap juggling')).to.equal(undefined);
  });
});
