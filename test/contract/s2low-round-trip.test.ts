import { expect } from 'chai';
import { Readable } from 'node:stream';
import { s2lowSettings } from '../../connectors/s2low/config.js';
import { s2low } from '../../connectors/s2low/index.js';
import { openS2lowSimulator, type S2lowSimulator } from '../../connectors/s2low/simulator.js';
import type { Arrival, ConnectorContext, Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { createOutboundHttp, type OutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { openDeskFiles } from '../../src/signature-desk/desk-files.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { failureOf } from '../support/failure-of.js';
import { recordingLogger } from '../support/recording-logger.js';
import { pesFile } from '../support/pes-file.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';

const PDF = makePdf(['Délibération du conseil', 'Réfection de la rue Haute']);
const MINUTE = 60_000;

/** The connector before the simulated platform, over TLS with client certificates. */
describe('s2low: there and back', () => {
  let platform: S2lowSimulator;
  let outbound: OutboundHttp;
  let context: ConnectorContext;
  let files: Awaited<ReturnType<typeof openDeskFiles>>;
  let now: number;

  beforeEach(async () => {
    now = Date.UTC(2027, 2, 1, 9);
    platform = await openS2lowSimulator({ clock: { now: () => now } });
    outbound = createOutboundHttp();
    files = await openDeskFiles();
    const { signal } = new AbortController();
    context = { logger: recordingLogger(), signal, clock: { now: () => now }, callBackUrl: 'http://127.0.0.1:9/callbacks/s2low', blobs: files, markSent: () => Promise.resolve(), http: outbound.callFor(signal) };
  });
  afterEach(async () => {
    await platform.close();
    outbound.close();
    await files.close();
  });

  const settings = (change: Readonly<Record<string, unknown>> = {}) => s2lowSettings.parse({ ...platform.settings, language: 'en', ...change });
  const annex = async (filename: string, content: Buffer): Promise<Annex> => sampleAnnex(filename, { mediaType: filename.endsWith('.xml') ? 'application/xml' : 'application/pdf', ...await files.keep(Readable.from([content])) });
  const act = async (fields: Submission['fields'] = {}): Promise<Submission> => ({
    key: 'delivery-1', operation: 'transmit-act', results: {}, item: sampleItem({ title: 'Réfection de la rue « Haute » : l’été', annexes: [await annex('délibération.pdf', PDF)] }),
    fields: { number: '2027_012', nature: '1', classification: '7.10', decisionDate: '2027-02-15', ...fields },
  });
  const pes = async (content: Buffer, filename = 'flux.xml'): Promise<Submission> => ({ key: 'delivery-2', operation: 'transmit-pes', results: {}, item: sampleItem({ annexes: [await annex(filename, content)] }), fields: {} });
  const flow = (nomFic: string, slips = 3) => pesFile({ nomFic, slips });
  const submit = (submission: Submission, change: Readonly<Record<string, unknown>> = {}) => s2low.submit(submission, settings(change), context);
  const track = async (receipt: Receipt): Promise<Tracking> => await s2low.track?.(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, settings(), context) ?? { state: 'pending' };
  const type = async (line: string) => expect(await platform.commands?.run(line), line).to.be.an('array');
  const idOf = ({ reference }: Receipt): string => reference.replace(/^\w+-/, '');

  async function toTheEnd(receipt: Receipt): Promise<Exclude<Tracking, { state: 'pending' }>> {
    let current = receipt;
    for (let questions = 0; questions < 40; questions += 1) {
      const tracking = await track(current);
      if (tracking.state !== 'pending') return tracking;
      current = { ...current, data: tracking.data ?? current.data };
      now += tracking.pollAfterMs ?? MINUTE;
    }
    throw new Error('it does not end');
  }

  it('an act to its acknowledgement: ARActe, slip, stamped act, dates', async () => {
    const receipt = await submit(await act({ publishedOn: '2027-04-01' }));
    await type('accept 2027_012');
    const { state, results } = await toTheEnd(receipt);
    expect(state).to.equal('done');
    expect(results?.fields).to.include({ enforceableOn: '2027-04-01' }).and.property('actId').match(/-20270215-2027_012-DE$/);
    expect(results?.documents?.map(({ role }) => role)).to.deep.equal(['acknowledgement', 'acknowledgement-slip', 'stamped-document']);
  });

  it('the same number again is the same act; another act under it is refused', async () => {
    const first = await submit(await act());
    expect((await submit(await act())).reference).to.equal(first.reference);
    expect(await s2low.probe(await act(), settings(), context)).to.be.an('object');
    expect(await failureOf(submit(await act({ subject: 'Autre chose' })))).to.match(/^refused: .*used by another act/);
  });

  it('an anomaly of the prefecture rejects it, with its words', async () => {
    const receipt = await submit(await act());
    await type('anomaly 2027_012 Pièce illisible');
    const ending = await toTheEnd(receipt);
    expect(ending.state === 'rejected' ? ending.reason : '').to.include('Pièce illisible').and.include('another one');
  });

  it('an agent confirms what was deposited, through the link, within five minutes', async () => {
    const receipt = await submit(await act(), { confirmation: 'agent' });
    expect(await track(receipt)).to.have.property('note').match(/agent must confirm/);
    const link = await s2low.personalLink?.(receipt, {} as Submission, settings({ returnUrl: 'https://relais.example/?e=%%ERROR%%' }), context);
    const { tls } = settings();
    const open = (url: string) => context.http({ method: 'GET', url, allowPrivate: true, tls: { ca: tls?.ca ?? '', cert: tls?.cert ?? '', key: tls?.key ?? '' } });
    now += 6 * MINUTE;
    const late = await open(link?.url ?? '');
    late.body.destroy();
    expect(await track(receipt), 'nonce expired').to.have.property('note').match(/agent must confirm/);
    const again = await s2low.personalLink?.(receipt, {} as Submission, settings({ returnUrl: 'https://relais.example/?e=%%ERROR%%' }), context);
    const confirmed = await open(again?.url ?? '');
    confirmed.body.destroy();
    expect(confirmed.headers['location']).to.include('https://relais.example/?e=0');
    expect(await s2low.personalLink?.(receipt, {} as Submission, settings(), context)).to.equal(null);
    await type('accept 2027_012');
    expect((await toTheEnd(receipt)).state).to.equal('done');
  });

  it('a classification that changed overnight is the one that counts', async () => {
    await s2low.choices?.(settings(), context);
    await type('classify');
    expect((await submit(await act())).state).to.equal('sent');
  });

  it('a letter of the prefecture comes as an arrival about the act, is marked once it is kept, and is answered', async () => {
    const receipt = await submit(await act());
    await type('accept 2027_012');
    await toTheEnd(receipt);
    await type('letter 2027_012 pieces Le plan du marché');
    now += 60 * MINUTE;
    const [announced, ...more] = await s2low.collect?.list(settings(), context) ?? [];
    expect(more).to.deep.equal([]);
    const arrival = await s2low.collect?.fetch(announced ?? { key: '' }, settings(), context) as Arrival;
    expect(arrival).to.deep.include({ kind: 'prefecture-letter', about: receipt.reference });
    expect(await s2low.collect?.list(settings(), context)).to.have.lengthOf(1);
    await s2low.collect?.kept(announced ?? { key: '' }, settings(), context);
    expect(await s2low.collect?.list(settings(), context)).to.deep.equal([]);

    const { letter = '', act: about = '' } = arrival.fields ?? {};
    const answer = { ...await act(), operation: 'answer-letter', fields: { letter: String(letter), act: String(about), action: 'send', typology: '99_DE' } };
    const answered = await submit(answer);
    expect((await submit(answer)).reference).to.equal(answered.reference);
    await type(`accept ${idOf(answered)}`);
    expect((await toTheEnd(answered)).state).to.equal('done');
  });

  it('an acknowledged act is cancelled when the prefecture says so; another request is the same one', async () => {
    const receipt = await submit(await act());
    const cancel = { ...await act(), operation: 'cancel-act', fields: { act: receipt.reference } };
    expect(await failureOf(submit(cancel))).to.match(/^refused: .*Only an act that the prefecture has acknowledged/);
    await type('accept 2027_012');
    await toTheEnd(receipt);
    const cancelling = await submit(cancel);
    expect((await submit(cancel)).reference).to.equal(cancelling.reference);
    await type(`accept ${idOf(cancelling)}`);
    expect((await toTheEnd(cancelling)).state).to.equal('done');
    expect(await track(receipt)).to.deep.include({ state: 'rejected' });
  });

  it('a flow to its acquit', async () => {
    const receipt = await submit(await pes(flow('PES_ACCEPTE')));
    await type(`accept ${idOf(receipt)}`);
    const { state, results } = await toTheEnd(receipt);
    expect([state, results?.fields?.['verdict']]).to.deep.equal(['done', 'accepted']);
  });

  it('one slip of three is rejected: it says which', async () => {
    const receipt = await submit(await pes(flow('PES_PARTIEL')));
    await type(`partial ${idOf(receipt)} 2`);
    const ending = await toTheEnd(receipt);
    expect(ending.results?.fields?.['verdict']).to.equal('partly-rejected');
    expect(ending.state === 'rejected' ? ending.reason : '').to.include('2');
  });

  it('acquit before status change, and status before acquit: both end well', async () => {
    for (const how of ['early', 'late']) {
      const receipt = await submit(await pes(flow(`PES_${how}`)));
      await type(`${how} ${idOf(receipt)}`);
      expect((await toTheEnd(receipt)).state, how).to.equal('done');
    }
  });

  it('an acquit for an unknown flow concludes nothing', async () => {
    const receipt = await submit(await pes(flow('PES_ETRANGER')));
    await type(`stranger ${idOf(receipt)}`);
    expect(await failureOf(toTheEnd(receipt))).to.match(/^refused: .*answers another one/);
  });

  it('the same NomFic twice: with the same content it is the same flow, with another one it is refused later', async () => {
    const first = await submit(await pes(flow('PES_DOUBLE')));
    expect((await submit(await pes(flow('PES_DOUBLE'), 'autre nom.xml'))).reference).to.equal(first.reference);
    await type(`accept ${idOf(first)}`);
    await toTheEnd(first);
    const ending = await toTheEnd(await submit(await pes(flow('PES_DOUBLE', 1))));
    expect(ending.state === 'rejected' ? ending.reason : '').to.include('PES_DOUBLE');
  });

  it('a timeout after import: the outcome is unknown, the probe finds it, and nothing is there twice', async () => {
    await type('mishap gateway-timeout');
    const content = flow('PES_PERDU');
    expect(await failureOf(submit(await pes(content)))).to.match(/^outcome-unknown: /);
    await type('mishap gateway-timeout');
    const found = await s2low.probe(await pes(content), settings(), context);
    expect(typeof found === 'object' ? found.found.reference : found).to.match(/^helios-\d+$/);
    expect(platform.desk.treasury.list()).to.have.lengthOf(1);
  });

  it('a timeout after import, and the list is not shown: posted again, it is refused as doublon, and parked', async () => {
    await type('mishap gateway-timeout');
    const content = flow('PES_CACHE');
    await failureOf(submit(await pes(content)));
    await type('mishap gateway-timeout');
    await type('mishap hides-lists');
    expect(await s2low.probe(await pes(content), settings(), context)).to.equal('absent');
    expect(await failureOf(submit(await pes(content)))).to.match(/^refused: .*not sent again/);
    expect(platform.desk.treasury.list()).to.have.lengthOf(1);
  });

  it('an operator who found the flow there learns that it was rejected, by its page, or by its acquit where that is hidden', async () => {
    for (const [name, isHidden] of [['PES_VU', false], ['PES_DEVINE', true]] as const) {
      const content = flow(name);
      const receipt = await submit(await pes(content));
      if (isHidden) await type('mishap hides-lists');
      await type(`reject ${idOf(receipt)}`);
      for (let question = 0; question < 10; question += 1) { await track(receipt); now += MINUTE; }
      const found = await s2low.probe({ ...await pes(content), foundAs: idOf(receipt) }, settings(), context);
      expect(found, name).to.have.nested.property('found.reference', receipt.reference);
      if (typeof found === 'object') expect((await toTheEnd(found.found)).state, name).to.equal('rejected');
    }
  });

  it('a login page or a maintenance page with status 200 lets nothing out', async () => {
    for (const mishap of ['maintenance', 'login-page']) {
      await type(`mishap ${mishap}`);
      expect(await failureOf(submit(await act())), mishap).to.match(/^(?:not-sent|misconfigured): /);
      expect(await failureOf(s2low.check(settings(), context)), mishap).to.match(/^misconfigured: /);
      await type(`mishap ${mishap}`);
    }
    expect(platform.desk.prefecture.list()).to.deep.equal([]);
  });

  it('a certificate that is no RGS one is told in the words of the platform, in both encodings', async () => {
    await type('mishap not-rgs');
    const words = await failureOf(submit(await act()));
    await type('mishap utf8');
    expect(words).to.match(/^refused: .*RGS/).and.equal(await failureOf(submit(await act())));
  });

  it('a PES_Retour waits, is fetched, and is marked once it is kept', async () => {
    await type('retour 213400017');
    const [announced] = await s2low.collect?.list(settings(), context) ?? [];
    const arrival = await s2low.collect?.fetch(announced ?? { key: '' }, settings(), context) as Arrival;
    expect(arrival.kind).to.equal('pes-retour');
    await s2low.collect?.kept(announced ?? { key: '' }, settings(), context);
    expect(await s2low.collect?.list(settings(), context)).to.deep.equal([]);
  });
});
