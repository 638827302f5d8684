import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { readPesAcquit } from '../../../src/formats/pes/read-acquit.js';
import type { PesAcquit } from '../../../src/formats/pes/pes-acquit.js';
import { samplePes } from '../../../src/state-desk/sample-pes.js';
import { createStateDesk, type StateDesk } from '../../../src/state-desk/state-desk.js';
import type { FlowAnswer, TreasuryFlow } from '../../../src/state-desk/treasury-flow.js';
import { fakeTime } from '../../support/fake-time.js';

const SIREN = '213400017';

describe('the simulated treasury', () => {
  const clock = fakeTime();
  let folder: string;
  let desk: StateDesk;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'relais-state-'));
    desk = await createStateDesk({ clock, folder });
  });

  afterEach(async () => {
    await desk.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function take(content: Buffer = samplePes(1).content): Promise<TreasuryFlow> {
    const file = { ...await desk.files.keep(Readable.from([content])), filename: 'flux.xml', mediaType: 'application/xml' };
    return desk.treasury.take({ authority: SIREN, file, sha1: createHash('sha1').update(content).digest('hex') });
  }

  async function stages(id: string, count: number): Promise<readonly string[]> {
    const told: string[] = [];
    for (let question = 0; question < count; question += 1) told.push((await desk.treasury.look(id)).stage);
    return told;
  }

  async function acquitAfter(answer: FlowAnswer, content?: Buffer): Promise<PesAcquit> {
    const { id } = await take(content);
    const { acquit } = await desk.treasury.answer(id, answer);
    return readPesAcquit(desk.files.read(acquit?.sha256 ?? ''));
  }

  /** What becomes of a flow that differs from the sample in one place. */
  async function reasonFor(from: string | RegExp, to: string): Promise<string> {
    const { id } = await take(Buffer.from(samplePes(1).content.toString('latin1').replace(from, to), 'latin1'));
    await stages(id, 2);
    const { stage, reason } = desk.treasury.find(id) ?? { stage: '', reason: '' };
    return `${stage}: ${reason}`;
  }

  it('goes one step on with each question, and no further than sent', async () => {
    const { id } = await take();
    expect(await stages(id, 5)).to.deep.equal(['posted', 'queued', 'sent', 'sent', 'sent']);
  });

  it('takes the same bytes once, for ever and over a restart, whatever became of them', async () => {
    const { id } = await take();
    await desk.treasury.fail(id, 'virus');
    await desk.close();
    desk = await createStateDesk({ clock, folder });
    expect(await take().catch((error: unknown) => error)).to.have.property('message').that.matches(/doublon/i);
  });

  it('takes the same NomFic with other bytes, and finds it out later', async () => {
    await stages((await take()).id, 2);
    const { id } = await take(Buffer.concat([samplePes(1).content, Buffer.from('\n')]));
    expect(await stages(id, 2)).to.deep.equal(['posted', 'error']);
    expect(desk.treasury.find(id)?.reason).to.match(/a déjà été utilisé/);
  });

  for (const [what, from, to, reason] of [
    ['an encoding that is not named', 'encoding="ISO-8859-1"', 'encoding="UTF-8"', /^error: .*ISO-8859-1/],
    ['XML that is none', '</PES_DepenseAller>', '', /^error: .*bien formé/],
    ['no domain', /<PES_DepenseAller>[^]*<\/PES_DepenseAller>/, '', /^error: .*aucun élément/],
    ['no NomFic', /<NomFic V="[^"]*"\/>/, '', /^error: .*NomFic/],
    ['a CodCol of four characters', '<CodCol V="001"/>', '<CodCol V="0001"/>', /^error: .*CodCol 0001/],
    ['an IdColl that is too long', 'IdColl V="', 'IdColl V="9', /^error: .*14 caractères/],
    ['no IdPost', '<IdPost V="034000"/>', '', /^error: .*IdPost/],
  ] as const) {
    it(`takes a flow with ${what}, and puts it in error afterwards`, async () => {
      expect(await reasonFor(from, to)).to.match(reason);
    });
  }

  it('says so of the first check that fails, in the order of the platform', async () => {
    expect(await reasonFor(/encoding="ISO-8859-1"[^]*/, 'encoding="UTF-8"?><a><b></a>')).to.match(/ISO-8859-1/);
  });

  it('keeps the names of a flow that fails at the end, and not of one that fails before', async () => {
    await reasonFor('<CodCol V="001"/>', '<CodCol V="0001"/>');
    expect(await reasonFor('IdColl V="', 'IdColl V="9')).to.match(/14 caractères/);
    const { id } = await take();
    expect(await stages(id, 2)).to.deep.equal(['posted', 'error']);
  });

  it('accepts, rejects, and rejects one slip of three, in an acquit that names the flow', async () => {
    const { nomFic, codCol } = samplePes(1);
    expect(await acquitAfter({ verdict: 'accept' })).to.include({ nomFic, codCol }).and.property('elements').satisfies((elements: PesAcquit['elements']) => elements.length === 3 && elements.every(({ isAccepted }) => isAccepted));
    expect((await acquitAfter({ verdict: 'reject', code: 'ERREUR_SIRET' }, samplePes(2).content)).elements).to.have.length(1).and.nested.property('[0].errors[0].code', 'ERREUR_SIRET');
    expect((await acquitAfter({ verdict: 'partial', slip: '32' }, samplePes(3).content)).elements.map(({ isAccepted, slip }) => [slip?.number, isAccepted])).to.deep.equal([['31', true], ['32', false], ['33', true]]);
  });

  it('rejects no slip that the flow does not have: it is not accepted instead', async () => {
    const { id } = await take();
    const refused: unknown = await desk.treasury.answer(id, { verdict: 'partial', slip: '99' }).catch((error: unknown) => error);
    expect(refused).to.have.property('message', 'Ce flux n\'a pas de bordereau 99.');
    expect([desk.treasury.acquitOf(id), (await desk.treasury.look(id)).stage]).to.deep.equal([null, 'posted']);
  });

  it('has the acquit before the state, or the state before the acquit', async () => {
    const early = await take();
    await desk.treasury.answer(early.id, { verdict: 'accept', timing: 'early' });
    expect(desk.treasury.acquitOf(early.id)).not.to.equal(null);
    expect(await stages(early.id, 2)).to.deep.equal(['sent', 'informed']);

    const late = await take(samplePes(2).content);
    await desk.treasury.answer(late.id, { verdict: 'accept', timing: 'late' });
    expect([desk.treasury.find(late.id)?.stage, desk.treasury.acquitOf(late.id)]).to.deep.equal(['informed', null]);
    await desk.treasury.look(late.id);
    expect(desk.treasury.acquitOf(late.id)).not.to.equal(null);
  });

  it('gives an acquit for a flow that nobody sent', async () => {
    expect((await acquitAfter({ verdict: 'accept', isOfAnother: true })).nomFic).not.to.equal(samplePes(1).nomFic);
  });

  it('awaits no acquit for the acquit of a PES_Retour', async () => {
    const { id } = await take(Buffer.from(samplePes(4).content.toString('latin1').replaceAll('n:PES_Aller', 'n:PES_ACQUIT_RETOUR').replace('Rev0/aller', 'Rev0/aller/ack'), 'latin1'));
    expect(await stages(id, 3)).to.deep.equal(['posted', 'queued', 'unanswered']);
  });

  it('stays where it is while it is stuck', async () => {
    const { id } = await take();
    await desk.treasury.look(id);
    await desk.treasury.hold(id, true);
    expect(await stages(id, 3)).to.deep.equal(['queued', 'queued', 'queued']);
    await desk.treasury.hold(id, false);
    expect(await stages(id, 2)).to.deep.equal(['queued', 'sent']);
  });

  it('has files of its own for an authority, until they are marked as read', async () => {
    const { id, file } = await desk.treasury.giveBack(SIREN);
    await desk.treasury.giveBack('213400025');
    expect(desk.treasury.returns(SIREN).map((one) => one.id)).to.deep.equal([id]);
    expect(file.filename).to.match(/^PES2R_DEP_.*\.xml$/);
    await desk.treasury.markRead(id);
    expect(desk.treasury.returns(SIREN)).to.deep.equal([]);
  });

  it('remembers flows, acquits and numbers over a restart', async () => {
    const { id } = await take();
    await desk.treasury.answer(id, { verdict: 'accept' });
    await desk.close();
    desk = await createStateDesk({ clock, folder });
    expect(desk.treasury.find(id)?.stage).to.equal('informed');
    expect((await desk.files.whole(desk.treasury.acquitOf(id)?.sha256 ?? '')).toString('latin1')).to.include('PES_ACQUIT');
    expect(Number((await take(samplePes(2).content)).id)).to.be.greaterThan(Number(id));
  });
});
