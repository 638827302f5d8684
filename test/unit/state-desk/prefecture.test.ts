import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { readActeMessage } from '../../../src/formats/actes/read-message.js';
import { readClassification } from '../../../src/formats/actes/read-classification.js';
import type { DeskFile } from '../../../src/signature-desk/desk-folder.js';
import { makePdf } from '../../../src/signature-desk/make-pdf.js';
import type { FiledAct, Letter, NewAct } from '../../../src/state-desk/exchange.js';
import { createStateDesk, type StateDesk } from '../../../src/state-desk/state-desk.js';
import { StateRefusal } from '../../../src/state-desk/state-refusal.js';
import { fakeTime } from '../../support/fake-time.js';

const SIREN = '213400017';

describe('the simulated prefecture', () => {
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

  async function act(number: string, change: Partial<NewAct> = {}): Promise<NewAct> {
    const file = { ...await desk.files.keep(Readable.from([makePdf(['Délibération'])])), filename: `99_DE-${number}_1.pdf`, mediaType: 'application/pdf', postedAs: 'délibération.pdf', typology: '99_DE' };
    return { authority: SIREN, number, nature: '1', matter: '7.10', date: '2027-02-27', subject: 'Réfection de la rue « Haute » – œuvre', paperFollows: false, documents: [file], ...change };
  }

  async function twice(letter: Letter | undefined): Promise<readonly string[]> {
    const { id = '' } = letter ?? {};
    return [(await desk.prefecture.look(id)).stage, (await desk.prefecture.look(id)).stage];
  }

  function whole(file: DeskFile | null | undefined): Promise<Buffer> {
    return desk.files.whole(file?.sha256 ?? '');
  }

  async function acknowledged(number = 'DEL_12'): Promise<FiledAct> {
    const { id } = await desk.prefecture.file(await act(number));
    return await desk.prefecture.answer(id, { verdict: 'accept' }) as FiledAct;
  }

  it('tells where an act stands, and each question takes it one step on', async () => {
    const { id } = await desk.prefecture.file(await act('DEL_12'));
    const stages: string[] = [];
    for (let question = 0; question < 4; question += 1) stages.push((await desk.prefecture.look(id)).stage);
    expect(stages).to.deep.equal(['posted', 'queued', 'sent', 'sent']);
  });

  it('acknowledges an act with an AR that names it', async () => {
    const done = await acknowledged();
    const ar = readActeMessage(await whole(done.message));
    expect(ar).to.include({ kind: 'ARActe', actId: `034-${SIREN}-20270227-DEL_12-DE`, receivedOn: '2027-03-01', number: 'DEL_12' });
    expect(ar.act?.subject).to.equal('Réfection de la rue « Haute » – œuvre');
  });

  it('keeps a number for ever, whatever became of the act, over a restart, and for one authority only', async () => {
    const { id } = await desk.prefecture.file(await act('DEL_12'));
    await desk.prefecture.fail(id, 'virus');
    await desk.close();
    desk = await createStateDesk({ clock, folder });

    const again = await desk.prefecture.file(await act('DEL_12')).catch((error: unknown) => error);
    expect(again).to.be.instanceOf(StateRefusal).and.include({ code: 'number-taken' });
    expect((await desk.prefecture.file(await act('DEL_12', { authority: '213400025' }))).stage).to.equal('posted');
  });

  it('finds a typology of another nature only after it has taken the act', async () => {
    const wrong = await act('ARR_1', { nature: '2' });
    const { id } = await desk.prefecture.file(wrong);
    await desk.prefecture.look(id);
    expect(await desk.prefecture.look(id)).to.include({ stage: 'error', reason: 'La typologie 99_DE n\'est pas autorisée pour cette nature d\'acte' });
  });

  it('reports an anomaly with a message of its own', async () => {
    const { id } = await desk.prefecture.file(await act('DEL_13'));
    const { message, stage } = await desk.prefecture.answer(id, { verdict: 'anomaly', detail: 'Fichier illisible' });
    expect(stage).to.equal('error');
    expect(readActeMessage(await whole(message)).anomaly).to.deep.equal({ on: '2027-03-01', nature: '100', detail: 'Fichier illisible' });
  });

  it('stamps a PDF behind its end, the same however often it is asked', async () => {
    const done = await acknowledged();
    const original = await whole(done.documents[0]);
    const stamped = await desk.prefecture.stamped(done, 0);
    expect(stamped?.subarray(0, original.length).equals(original)).to.equal(true);
    expect(stamped?.subarray(original.length).toString('latin1')).to.include(done.actId);
    expect((await desk.prefecture.stamped(done, 0))?.equals(stamped ?? Buffer.alloc(0))).to.equal(true);
  });

  it('writes letters as archives with envelope, message and document, and takes one reply to each', async () => {
    const done = await acknowledged();
    for (const [kind, root] of [['simple', 'CourrierSimple'], ['pieces', 'DemandePieceComplementaire'], ['observations', 'LettreObservations'], ['court', 'DefereTA']] as const) {
      const letter = await desk.prefecture.write(done.id, kind, 'Pièce n° 2 & plan');
      const tar = gunzipSync(await whole(letter.archive)).toString('latin1');
      expect(tar).to.include('EnveloppeMISILLCL').and.include(`<actes:${root}`).and.include('%PDF');
    }
    const [simple, pieces] = desk.prefecture.unread(SIREN);
    expect(await twice(simple)).to.deep.equal(['received', 'received']);
    expect(await twice(pieces)).to.deep.equal(['received', 'receipted']);

    const reply = { authority: SIREN, about: pieces?.id ?? '', refuses: false, documents: done.documents };
    const { id } = await desk.prefecture.reply(reply);
    const { message } = await desk.prefecture.answer(id, { verdict: 'accept' });
    expect(readActeMessage(await whole(message)).kind).to.equal('ARPieceComplementaire');
    expect(await desk.prefecture.reply(reply).catch((error: unknown) => error)).to.include({ code: 'duplicate' });
  });

  it('takes back an act that is acknowledged, and no other; the act goes when the prefecture says so', async () => {
    const waiting = await desk.prefecture.file(await act('DEL_14'));
    expect(await desk.prefecture.cancel(waiting.id).catch((error: unknown) => error)).to.include({ code: 'not-now' });
    const done = await acknowledged();
    const { id } = await desk.prefecture.cancel(done.id);
    expect(await desk.prefecture.cancel(done.id).catch((error: unknown) => error)).to.include({ code: 'duplicate' });
    expect(desk.prefecture.find(done.id)).to.include({ stage: 'acknowledged' });

    await desk.prefecture.answer(id, { verdict: 'accept' });
    expect(desk.prefecture.find(done.id)).to.include({ stage: 'cancelled' });
  });

  it('changes its classification overnight: another date, and a typology that is gone', async () => {
    const before = await readClassification(Readable.from([desk.prefecture.classificationFile()]));
    await desk.prefecture.reclassify();
    const after = await readClassification(Readable.from([desk.prefecture.classificationFile()]));
    expect(after.date > before.date).to.equal(true);
    const codes = ({ natures }: typeof after) => natures.flatMap(({ typologies }) => typologies.map(({ code }) => code));
    expect(codes(before)).to.include('41_CA');
    expect(codes(after)).not.to.include('41_CA');
  });
});
