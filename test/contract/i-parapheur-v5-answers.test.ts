import { expect } from 'chai';
import { zipSync } from 'fflate';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { iParapheurV5 } from '../../connectors/i-parapheur-v5/index.js';
import type { Receipt, Results, Sent } from '../../src/connector-api/connector.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { openV5Rig, PDF, track, trackToEnd, type V5Rig } from '../support/v5-parapheur.js';

const DAY = 86_400_000;
const OTHER = Buffer.from('%PDF-1.7 something else\n%%EOF\n');
const PES = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>\n<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"><PES_DepenseAller><Bordereau Id="B1"><BlocBordereau/></Bordereau><Bordereau Id="B2"><BlocBordereau/></Bordereau></PES_DepenseAller></n:PES_Aller>');

describe('what i-Parapheur 5 answers', () => {
  let rig: V5Rig;
  beforeEach(async () => { rig = await openV5Rig(); });
  afterEach(() => rig.close());

  const roles = (results: Results | undefined) => results?.documents?.map(({ filename, role }) => [filename, role]);

  async function send(given: Parameters<V5Rig['submission']>[0] = {}, change: Parameters<V5Rig['settings']>[0] = {}): Promise<{ receipt: Receipt; settings: ReturnType<V5Rig['settings']> }> {
    const settings = rig.settings(change);
    return { receipt: await iParapheurV5.submit(await rig.submission(given), settings, rig.context), settings };
  }

  it('a signed PDF comes back verified, with its slip, who did what, and what they noted; then the folder is removed', async () => {
    const { receipt, settings } = await send();
    await rig.book.desk.act(receipt.reference, { do: 'visa', annotation: 'Conforme' });
    await rig.book.desk.act(receipt.reference, { do: 'sign' });
    const { ending, results: [results, ...more] } = await trackToEnd(rig, receipt, settings);

    expect(ending).to.deep.equal({ state: 'done' });
    expect(more).to.deep.equal([]);
    expect(roles(results)).to.deep.equal([['décision.pdf', 'signed-document'], ['Réfection de la rue Haute_bordereau.pdf', 'circulation-slip']]);
    expect((await rig.content(results?.documents?.[0])).subarray(0, PDF.length).equals(PDF)).to.equal(true);
    expect(results?.fields).to.deep.include({
      signature: 'verified', status: 'SIGNATURE', actors: ['2027-03-01 09:00 UTC Luc Martin («Secrétariat»): VISA', '2027-03-01 09:00 UTC Jeanne Dupont («Bourgmestre»): SIGNATURE'],
      annotations: ['2027-03-01 09:00 UTC Luc Martin («Secrétariat»): Conforme'],
    });
    expect(String(results?.fields?.['signedBy'])).to.include('Jeanne Dupont');
    expect(rig.book.desk.list()).to.deep.equal([]);
  });

  it('§2.2: a visa is not the signature: it is pending until the end', async () => {
    const { receipt, settings } = await send();
    expect(await track(rig, receipt, settings)).to.include({ state: 'pending', note: 'Waiting for a visa at «Secrétariat».' });
    await rig.book.desk.act(receipt.reference, { do: 'visa', annotation: 'ARCHIVE [Archive] DELETE REJECT' });
    expect(await track(rig, receipt, settings)).to.include({ state: 'pending', note: 'Waiting for a signature at «Bourgmestre».' });
  });

  it('§3.4: a refusal tells who, when and why; the slip is kept, then the folder is removed', async () => {
    const { receipt, settings } = await send();
    await rig.book.desk.act(receipt.reference, { do: 'reject', reason: 'Le montant [Archive] dépasse le crédit.' });
    const { ending, results } = await trackToEnd(rig, receipt, settings);
    expect(ending).to.deep.equal({ state: 'rejected', reason: 'It was refused by Luc Martin («Secrétariat») on 2027-03-01 09:00 UTC: «Le montant [Archive] dépasse le crédit.».' });
    expect(roles(results[0])).to.deep.equal([['Réfection de la rue Haute_bordereau.pdf', 'circulation-slip']]);
    expect(rig.book.desk.list()).to.deep.equal([]);
  });

  it('§2.3: what was refused may be sent round again before it is asked about', async () => {
    const { receipt, settings } = await send();
    await rig.book.desk.act(receipt.reference, { do: 'reject', reason: 'non' });
    await rig.book.desk.act(receipt.reference, { do: 'recycle' });
    expect((await track(rig, receipt, settings)).state).to.equal('pending');
    await rig.book.desk.finish(receipt.reference);
    expect((await trackToEnd(rig, receipt, settings)).ending.state).to.equal('done');
  });

  it('a detached signature is verified against what was sent, and comes back beside it', async () => {
    const { receipt, settings } = await send({ fields: { type: 'Actes', subtype: 'Détachée' } });
    await rig.book.desk.finish(receipt.reference);
    const { results: [results] } = await trackToEnd(rig, receipt, settings);
    expect(results?.documents?.map(({ role }) => role)).to.deep.equal(['detached-signature', 'circulation-slip']);
    expect(results?.fields).to.include({ signature: 'verified' });
  });

  it('a PES file comes back signed by slip', async () => {
    const pes = await rig.annex('PES_1.xml', PES, { mediaType: 'application/xml' });
    const { receipt, settings } = await send({ fields: { type: 'PES', subtype: 'Bordereau' }, annexes: [pes] });
    await rig.book.desk.finish(receipt.reference);
    const { results: [results] } = await trackToEnd(rig, receipt, settings);
    expect(roles(results)?.[0]).to.deep.equal(['PES_1.xml', 'signed-document']);
    expect(results?.fields).to.include({ signature: 'verified' });
  });

  it('a signed file that differs from ours comes with a remark; one that is not signed at all is not taken for signed, and nothing is removed', async () => {
    const { receipt, settings } = await send({ fields: { type: 'Courrier', subtype: 'Sortant' } });
    await rig.book.desk.act(receipt.reference, { do: 'sign', other: true });
    const { results: [results] } = await trackToEnd(rig, receipt, rig.settings({ afterwards: 'keep' }));
    expect(results?.fields?.['signatureRemarks']).to.be.an('array').with.lengthOf.at.least(1);

    const unsigned = zipSync({ 'Documents principaux/décision.pdf': OTHER });
    rig.instead = ({ url }) => (url.endsWith('/zip') ? httpAnswer({ status: 200, body: Buffer.from(unsigned) }) : undefined);
    expect(await failureOf(trackToEnd(rig, receipt, settings))).to.match(/^refused: .*décision\.pdf/);
    expect(rig.folder().state).to.equal('finished');
    const report = rig.settings({ verification: 'report', afterwards: 'keep' });
    expect((await trackToEnd(rig, receipt, report)).results[0]?.fields).to.include({ signature: 'not-verified' });
  });

  it('what was signed on paper says so: refused, or accepted as configured', async () => {
    const { receipt, settings } = await send({ fields: { type: 'Courrier', subtype: 'Sortant' } });
    await rig.book.desk.act(receipt.reference, { do: 'paper-sign' });
    expect(await failureOf(trackToEnd(rig, receipt, settings))).to.match(/^refused: .*paper/);
    expect((await trackToEnd(rig, receipt, rig.settings({ paper: 'accept' }))).results[0]?.fields).to.include({ signature: 'paper' });
  });

  it('annexes that people add come back, those that were sent do not, though names and order change', async () => {
    const annexes = [await rig.annex('décision.pdf'), await rig.annex('plan.pdf', OTHER)];
    const { receipt, settings } = await send({ annexes });
    const added = { filename: 'plan.pdf', mediaType: 'application/pdf', ...await rig.book.desk.files.keep(Readable.from([Buffer.from('added')])) };
    await rig.book.desk.addAnnex(receipt.reference, { ...added, filename: 'avis.pdf' });
    await rig.book.desk.finish(receipt.reference);
    const { results: [results] } = await trackToEnd(rig, receipt, settings);
    expect(roles(results)).to.deep.equal([['décision.pdf', 'signed-document'], ['Réfection de la rue Haute_bordereau.pdf', 'circulation-slip'], ['avis.pdf', 'added-annex']]);
  });

  it('§3.4: files of one name in different folders of the archive are kept apart', async () => {
    const { receipt, settings } = await send({}, { afterwards: 'keep', verification: 'off' });
    await rig.book.desk.finish(receipt.reference);
    const archive = zipSync({ 'Documents principaux/décision.pdf': Buffer.from('signed'), 'Annexes/décision.pdf': Buffer.from('another'), 'Documents principaux/décision.pdf.p7s': Buffer.from('cms'), '../x_bordereau.pdf': Buffer.from('slip') });
    rig.instead = ({ url }) => (url.endsWith('/zip') ? httpAnswer({ status: 200, body: Buffer.from(archive) }) : undefined);
    const { results: [results] } = await trackToEnd(rig, receipt, settings);
    expect(roles(results)).to.deep.equal([['décision.pdf', 'signed-document'], ['décision.pdf.p7s', 'detached-signature'], ['x_bordereau.pdf', 'circulation-slip'], ['décision.pdf', 'added-annex']]);
    expect(String(await rig.content(results?.documents?.[0]))).to.equal('signed');
  });

  it('an archive that is cut, or is a page of HTML, is asked for again; nothing is removed', async () => {
    const { receipt, settings } = await send();
    await rig.book.desk.finish(receipt.reference);
    rig.book.mishaps.add('cut-zip');
    const cut = await trackToEnd(rig, receipt, settings).then(() => 'it ended', () => 'failed');
    rig.book.mishaps.clear();
    rig.instead = ({ url }) => (url.endsWith('/zip') ? httpAnswer({ status: 200, body: '<html>Sign in</html>' }) : undefined);
    expect([cut, (await failureOf(track(rig, receipt, settings))).slice(0, 15)]).to.deep.equal(['failed', 'outcome-unknown']);
    rig.instead = undefined;
    expect((await trackToEnd(rig, receipt, settings)).ending.state).to.equal('done');
  });

  it('what cannot be kept here is not removed there', async () => {
    const { receipt, settings } = await send();
    await rig.book.desk.finish(receipt.reference);
    const full = { ...rig.context.blobs, keep: () => Promise.reject(new Error('the disk is full')) };
    const failed = await iParapheurV5.track?.(receipt, await rig.submission(), settings, { ...rig.context, blobs: full }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(rig.folder().state).to.equal('finished');
  });

  it('§3.4: a history without events, and an action never seen before, are no end; that one is warned about', async () => {
    const { receipt, settings } = await send();
    rig.book.mishaps.add('unknown-action');
    expect(await track(rig, receipt, settings)).to.include({ state: 'pending', note: 'Waiting for «TELEPATHY».' });
    expect(rig.logger.text()).to.include('TELEPATHY');
    rig.instead = ({ url }) => (url.endsWith('/premis') ? httpAnswer({ status: 200, body: '<premis xmlns="http://www.loc.gov/premis/v3" version="3.0"><object/></premis>' }) : undefined);
    expect(await track(rig, receipt, settings)).to.include({ state: 'pending', note: 'Its circuit is being made.' });
    for (const body of ['<html/>', '<premis><event><eventType>ARCHIVE</eventType>', '']) {
      rig.instead = ({ url }) => (url.endsWith('/premis') ? httpAnswer({ status: 200, body }) : undefined);
      expect(await failureOf(track(rig, receipt, settings)), body).to.match(/^outcome-unknown/);
    }
  });

  it('a folder deleted by hand is given up when it is still missing a day later, and not sooner', async () => {
    const { receipt, settings } = await send();
    const copy = rig.folder();
    await rig.book.desk.remove(receipt.reference);
    const first = await track(rig, receipt, settings);
    expect(first).to.include({ state: 'pending' });
    rig.pass(DAY - 1);
    const later = { ...receipt, data: first.state === 'pending' ? first.data : undefined };
    expect((await track(rig, later, settings)).state).to.equal('pending');
    rig.pass(1);
    expect(await failureOf(track(rig, later, settings))).to.match(/^refused: .*«Réfection de la rue Haute» since 2027-03-01/);
    expect(copy.id).to.equal(receipt.reference);
  });

  it('one that was missed and is there again goes on as before', async () => {
    const { receipt, settings } = await send();
    rig.instead = ({ url }) => (url.endsWith('/premis') ? httpAnswer({ status: 404, headers: { 'content-type': 'application/json' }, body: '{}' }) : undefined);
    const missed = await track(rig, receipt, settings);
    rig.instead = undefined;
    rig.pass(2 * DAY);
    const found = await track(rig, { ...receipt, data: missed.state === 'pending' ? missed.data : undefined }, settings);
    expect(found.state === 'pending' && found.data).to.deep.equal(receipt.data);
  });

  it('a 404 of something in between is no folder that is gone', async () => {
    const { receipt, settings } = await send();
    rig.instead = ({ url }) => (url.endsWith('/premis') ? httpAnswer({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html/>' }) : undefined);
    expect(await failureOf(track(rig, receipt, settings))).to.match(/^outcome-unknown/);
  });

  describe('putting away', () => {
    it('keeps it, puts it into the bin, or removes it, as configured', async () => {
      const after: unknown[] = [];
      for (const afterwards of ['keep', 'archive', 'delete'] as const) {
        const { receipt, settings } = await send({ key: afterwards }, { afterwards });
        await rig.book.desk.finish(receipt.reference);
        const { results } = await trackToEnd(rig, receipt, settings);
        after.push([afterwards, results.length, rig.book.desk.find(receipt.reference)?.state, rig.book.desk.archived().some(({ id }) => id === receipt.reference)]);
      }
      expect(after).to.deep.equal([['keep', 1, 'finished', false], ['archive', 1, undefined, true], ['delete', 1, undefined, false]]);
    });

    it('what is gone already is put away; what cannot be is left there with a warning after some tries', async () => {
      const { receipt, settings } = await send();
      await rig.book.desk.finish(receipt.reference);
      const stored = await track(rig, receipt, settings);
      const next = { ...receipt, data: stored.state === 'pending' ? stored.data : undefined };
      rig.instead = ({ method }) => (method === 'DELETE' ? httpAnswer({ status: 500, body: 'failure' }) : undefined);
      const { ending, results } = await trackToEnd(rig, next, settings);
      expect([ending, results, rig.asked.filter((line) => line.startsWith('DELETE')).length]).to.deep.equal([{ state: 'done' }, [], 5]);
      rig.instead = undefined;
      await rig.book.desk.remove(receipt.reference);
      expect(await track(rig, next, settings)).to.deep.equal({ state: 'done' });
    });

    it('§2.6: a refused one that cannot be removed is left there at once, with a warning', async () => {
      const { receipt, settings } = await send();
      await rig.book.desk.act(receipt.reference, { do: 'reject', reason: 'non' });
      rig.instead = ({ method }) => (method === 'DELETE' ? httpAnswer({ status: 500, body: 'failure' }) : undefined);
      const { ending } = await trackToEnd(rig, receipt, settings);
      expect([ending.state, rig.asked.filter((line) => line.startsWith('DELETE')).length]).to.deep.equal(['rejected', 1]);
      expect(rig.logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).to.deep.equal(['A folder that is kept here could not be put away over there; it is left there']);
    });

    it('a page of HTML with status 404 does not say that it is gone', async () => {
      const { receipt, settings } = await send();
      await rig.book.desk.finish(receipt.reference);
      const stored = await track(rig, receipt, settings);
      rig.instead = ({ method }) => (method === 'DELETE' ? httpAnswer({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not Found</html>' }) : undefined);
      const next = { ...receipt, data: stored.state === 'pending' ? stored.data : undefined };
      expect(await track(rig, next, settings)).to.have.property('note').that.includes('A page of HTML with status 404');
      rig.instead = undefined;
      expect(await track(rig, next, settings)).to.deep.equal({ state: 'done' });
      expect(rig.book.desk.list()).to.deep.equal([]);
    });
  });

  it('2,000 folders under way are asked about by their lists: a request for each page, none for each folder', async () => {
    const { receipt, settings } = await send();
    const rows = Array.from({ length: 2000 }, (_, number) => ({ id: `f${number}`, name: 'x' }));
    const listed = (state: string): object[] => (state === 'DOWNSTREAM' ? rows.slice(0, 1990) : state === 'FINISHED' ? rows.slice(1990, 1995) : []);
    rig.instead = ({ url }) => {
      const [, state = '', page = '0', size = '10'] = /\/([A-Z]+)\?page=(\d+)&size=(\d+)$/.exec(url) ?? [];
      if (state === '') return undefined;
      const all = listed(state);
      const content = all.slice(Number(page) * Number(size), (Number(page) + 1) * Number(size));
      return httpAnswer({ status: 200, body: JSON.stringify({ content, totalElements: all.length, totalPages: Math.ceil(all.length / Number(size)) }) });
    };
    const submission = await rig.submission();
    const sent: Sent[] = rows.map(({ id }) => ({ receipt: { ...receipt, reference: id }, submission: { ...submission, key: id } }));
    rig.asked.length = 0;
    const news = await iParapheurV5.survey?.ask(sent, settings, rig.context);
    expect([...news ?? []]).to.deep.equal(rows.slice(1990).map(({ id }) => id));
    expect(rig.asked.length).to.be.lessThan(20);
    expect(iParapheurV5.survey?.atMost).to.be.at.least(2000);
  });

  it('a survey has news of what must still be started or put away', async () => {
    const { receipt, settings } = await send();
    const submission = await rig.submission();
    const data = receipt.data as object;
    const ask = (more: object) => iParapheurV5.survey?.ask([{ receipt: { ...receipt, data: { ...data, ...more } }, submission }], settings, rig.context).then((news) => news.size);
    expect([await ask({}), await ask({ toStart: { publicAnnotation: null, privateAnnotation: null } }), await ask({ stored: { reason: null, task: 't', tries: 0 } })]).to.deep.equal([0, 1, 1]);
  });

  it('the archive gets more time, by the size of the files that were sent', async () => {
    const { receipt, settings } = await send();
    const limits: (number | undefined)[] = [];
    rig.instead = ({ url, timeoutMs }) => {
      if (url.endsWith('/zip')) limits.push(timeoutMs);
      return undefined;
    };
    await rig.book.desk.finish(receipt.reference);
    await trackToEnd(rig, receipt, settings);
    expect(limits).to.have.length(1);
    expect(limits[0]).to.be.greaterThan(settings.timeoutMs);
  });

  it('a main document of 150 MB goes and comes back at constant memory', async () => {
    const size = 150 * 2 ** 20;
    const chunk = randomBytes(256 * 1024);
    const large = await rig.annex('large.pdf', () => {
      let left = size;
      return new Readable({ read() { this.push(left > 0 ? chunk : null); left -= chunk.length; } });
    });
    const before = process.memoryUsage.rss();
    let highest = before;
    const watch = setInterval(() => { highest = Math.max(highest, process.memoryUsage.rss()); }, 20);
    try {
      const { receipt, settings } = await send({ fields: { type: 'Visa seul', subtype: 'Visa', expects: 'visa' }, annexes: [large] });
      await rig.book.desk.finish(receipt.reference);
      expect((await trackToEnd(rig, receipt, settings)).ending.state).to.equal('done');
    } finally {
      clearInterval(watch);
    }
    expect((highest - before) / 2 ** 20).to.be.lessThan(110);
  }).timeout(60_000);
});
