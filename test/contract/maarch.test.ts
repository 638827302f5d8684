import { expect } from 'chai';
import { maarchSettings, type MaarchSettings } from '../../connectors/maarch/config.js';
import { maarch } from '../../connectors/maarch/index.js';
import { readUpdateMark, writeUpdateMark } from '../../connectors/maarch/mark.js';
import { GED, openSimulator, type MaarchSimulator } from '../../connectors/maarch/simulator.js';
import type { Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { NotSent } from '../../src/connector-api/failures.js';
import { watchMemory } from '../../src/connector-kit/live-memory.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { largeContent, openLetterRig, type LetterRig } from '../support/letter-rig.js';

const MIB = 2 ** 20;
const ROOM = 64 * MIB;

describe('maarch', () => {
  let rig: LetterRig;
  let other: MaarchSimulator;
  const settings = (change: Partial<Record<keyof MaarchSettings, unknown>> = {}): MaarchSettings => maarchSettings.parse({ ...other.settings, ...change });
  const track = (receipt: Receipt): Promise<Tracking> => {
    if (maarch.track === undefined) throw new Error('the connector has no track');
    return maarch.track(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, settings(), rig.context);
  };
  const letter = (reference: string) => {
    const found = other.office.letter(Number(reference));
    if (found === undefined) throw new Error(`there is no letter ${reference}`);
    return found;
  };

  beforeEach(async () => { [rig, other] = [await openLetterRig(), await openSimulator({ standing: 3 })]; });
  afterEach(async () => { await other.close(); await rig.close(); });

  it('takes attachments up where the line broke, and makes none twice, two of one name included', async () => {
    const annexes = [await rig.annex('note.pdf'), await rig.annex('plan.pdf', 'one'), await rig.annex('plan.pdf', 'two', { uid: '2'.repeat(32) }), await rig.annex('devis.pdf')];
    const submission = await rig.submission('create-resource', { annexes });
    let posts = 0;
    rig.instead = ({ method, url }) => {
      if (method !== 'POST' || !url.endsWith('/attachments')) return undefined;
      posts += 1;
      if (posts === 3) throw new NotSent('The line is cut.');
      return undefined;
    };
    expect(await failureOf(maarch.submit(submission, settings(), rig.context))).to.equal('not-sent: The line is cut.');
    expect(await maarch.probe(submission, settings(), rig.context)).to.equal('absent');
    const receipt = await maarch.submit(submission, settings(), rig.context);
    expect(other.office.letters()).to.have.length(4);
    expect(other.office.attachments(Number(receipt.reference)).map(({ title, file }) => [title, file.sha256])).to.deep.equal(annexes.slice(1).map(({ title, sha256 }) => [title, sha256]));
    expect(await maarch.probe(submission, settings(), rig.context)).to.have.nested.property('found.reference', receipt.reference);
  });

  it('roles choose the type of attachments, before the annex type and the setting', async () => {
    const annexes = [await rig.annex('note.pdf'), await rig.annex('acte.pdf', 'signed', { role: 'signed-document' }), await rig.annex('plan.pdf')];
    const { reference } = await maarch.submit(await rig.submission('create-resource', { annexes }), settings(), rig.context);
    expect(other.office.attachments(Number(reference)).map(({ type }) => type)).to.deep.equal(['acte', 'simple_attachment']);
  });

  it('looks names of entities and custom fields up, and refuses those that are unknown before anything is sent', async () => {
    const fields = { destination: 'PTE', 'custom.amount': '12.5', 'custom.14': 'Nord\nSud', category: 'outgoing' };
    const { reference } = await maarch.submit(await rig.submission('create-resource', { fields }), settings(), rig.context);
    expect(letter(reference).members).to.include({ destination: 21, modelId: 2 }).and.to.have.property('customFields').deep.equal({ 12: 12.5, 14: ['Nord', 'Sud'] });
    for (const [field, value] of [['destination', 'XYZ'], ['custom.99', 'x'], ['custom.amount', 'beaucoup'], ['custom.unknown', 'x'], ['custom.15', 'rue Haute'], ['category', 'lost']] as const) {
      expect(await failureOf(maarch.submit(await rig.submission('create-resource', { key: field, fields: { [field]: value } }), settings(), rig.context))).to.match(/^refused: /).and.to.contain(field);
    }
    expect(other.office.letters()).to.have.length(4);
  });

  it('an update keeps what it does not change: senders and other custom fields', async () => {
    letter('101').members = { ...letter('101').members, customFields: { 13: 'V-12' } };
    const submission = await rig.submission('update-resource', { item: { externalIdentifier: 'GED-1' }, fields: { subject: 'Nouvel objet', 'custom.amount': '7', status: 'END' } });
    const receipt = await maarch.submit(submission, settings(), rig.context);
    expect(receipt).to.deep.include({ reference: '101', state: 'done' });
    expect(letter('101')).to.include({ status: 'END' }).and.to.have.property('members').that.deep.includes({ subject: 'Nouvel objet', senders: [{ id: 12, type: 'contact' }], customFields: { 12: 7, 13: 'V-12' } });
    expect(letter('101').externalId).to.include({ [GED]: 'GED-1' });
  });

  it('a status that people set after ours is left to them', async () => {
    const submission = await rig.submission('update-resource', { item: { externalIdentifier: 'GED-2' }, fields: { status: 'VAL' } });
    await maarch.submit(submission, settings(), rig.context);
    letter('102').status = 'SSUITE';
    expect(await maarch.probe(submission, settings(), rig.context)).to.have.nested.property('found.reference', '102');
    await maarch.submit(submission, settings(), rig.context);
    expect(letter('102').status).to.equal('SSUITE');
    expect(other.office.attachments(102)).to.have.length(1);
  });

  it('names a letter by its number, its chrono or an external identifier; one that is unknown or hostile is refused', async () => {
    const chrono = letter('103').chrono ?? '';
    for (const [namedBy, resource] of [['resId', '103'], ['chrono', chrono], [`externalId:${GED}`, 'GED-3']] as const) {
      const submission = await rig.submission('update-resource', { key: namedBy, fields: { resource, status: 'VAL', attachments: [] } });
      expect(await maarch.submit(submission, settings({ namedBy }), rig.context)).to.have.property('reference', '103');
    }
    for (const [namedBy, resource] of [['resId', '12 or 1=1'], ['resId', '9999'], ['chrono', '\' or 1=1 --'], [`externalId:${GED}`, 'GED-"3']] as const) {
      expect(await failureOf(maarch.submit(await rig.submission('update-resource', { fields: { resource, status: 'VAL' } }), settings({ namedBy }), rig.context))).to.match(/^refused: /);
    }
  });

  it('a Maarch without the route for external identifiers: what is found is found, and no is no proof', async () => {
    other.mishaps.add('old-server');
    const submission = await rig.submission('create-resource');
    expect(await maarch.probe(submission, settings(), rig.context)).to.equal('unknown');
    const { reference } = await maarch.submit(submission, settings(), rig.context);
    expect(await maarch.probe(submission, settings(), rig.context)).to.have.nested.property('found.reference', reference);
    expect(await maarch.submit(submission, settings(), rig.context)).to.have.property('reference', reference);
  });

  it('an operator may name the letter, and it is proved', async () => {
    const submission = await rig.submission('create-resource');
    const { reference } = await maarch.submit(submission, settings(), rig.context);
    expect(await maarch.probe({ ...submission, foundAs: reference }, settings(), rig.context)).to.have.nested.property('found.reference', reference);
    expect(await failureOf(maarch.probe({ ...submission, foundAs: '101' }, settings(), rig.context))).to.match(/^refused: .*is not this delivery/);
  });

  it('follows a letter: done with the signed answer, refused with the note, deleted', async () => {
    const receipt = await maarch.submit(await rig.submission('create-resource', { fields: { chrono: true } }), settings(), rig.context);
    expect(receipt).to.have.property('state', 'sent');
    expect(await track(receipt)).to.deep.equal({ state: 'pending', note: 'In Maarch it is «En cours» (COU).' });
    for (const typed of [`answer ${receipt.reference} Réponse au riverain`, `status ${receipt.reference} END`]) await other.commands?.run(typed);
    const done = await track(receipt);
    expect(done).to.have.nested.property('results.fields').that.includes({ status: 'END', chrono: letter(receipt.reference).chrono });
    const [document, ...more] = done.state === 'pending' ? [] : done.results?.documents ?? [];
    expect(more).to.deep.equal([]);
    expect(document).to.include({ filename: 'Réponse au riverain.pdf', role: 'signed-document', mediaType: 'application/pdf' });
    expect(await rig.content(document?.sha256 ?? '')).to.contain('Réponse au riverain');
    for (const typed of [`note ${receipt.reference} Hors délai`, `status ${receipt.reference} SSUITE`]) await other.commands?.run(typed);
    expect(await track(receipt)).to.have.property('reason').that.contains('Sans suite').and.contains('«Hors délai» (Anne Martin)');
    await other.commands?.run(`delete ${receipt.reference}`);
    expect(await track(receipt)).to.deep.equal({ state: 'rejected', reason: `Letter ${receipt.reference} was deleted in Maarch.` });
    other.office.remove(Number(receipt.reference));
    expect(await track(receipt)).to.deep.equal({ state: 'rejected', reason: `Letter ${receipt.reference} was deleted in Maarch.` });
  });

  it('a letter that went out of reach is no deleted one', async () => {
    const receipt = await maarch.submit(await rig.submission('create-resource'), settings(), rig.context);
    other.mishaps.add('out-of-reach');
    expect(await failureOf(track(receipt))).to.match(/^refused: .*out of the reach of the account/);
  });

  it('a page of a login is no answer: before the mark nothing was sent, after it nobody knows', async () => {
    other.mishaps.add('login-page');
    expect(await failureOf(maarch.submit(await rig.submission('create-resource'), settings(), rig.context))).to.match(/^not-sent: .*no JSON of Maarch/);
    other.mishaps.clear();
    rig.instead = ({ method, url }) => (method === 'POST' && url.endsWith('/resources') ? httpAnswer({ status: 200, body: '<html>login</html>' }) : undefined);
    expect(await failureOf(maarch.submit(await rig.submission('create-resource'), settings(), rig.context))).to.match(/^outcome-unknown: /);
    rig.instead = undefined;
    other.mishaps.add('login-redirect');
    expect(await failureOf(maarch.submit(await rig.submission('create-resource'), settings(), rig.context))).to.match(/^misconfigured: .*302/);
    expect(await failureOf(maarch.check(settings(), rig.context))).to.match(/^misconfigured: /);
  });

  for (const [status, body, kind] of [
    [401, '{"errors":"Authentication Failed"}', 'misconfigured'], [403, '{"errors":"Service forbidden"}', 'misconfigured'], [403, '{"errors":"This route is not authorized for this user"}', 'misconfigured'],
    [400, '{"errors":"Body doctype does not exist"}', 'refused'], [409, '{"errors":"Conflict"}', 'refused'], [413, '<html><h1>Too large</h1></html>', 'refused'],
    [429, '', 'not-sent'], [503, '<html>Maintenance</html>', 'not-sent'], [500, '{"errors":"[ResController create] Docserver is full"}', 'not-sent'], [500, '<html>Slim error</html>', 'outcome-unknown'],
  ] as const) {
    it(`${status} ${body} is ${kind}, in the words of Maarch and without the password`, async () => {
      rig.instead = ({ method, url }) => (method === 'POST' && url.endsWith('/resources') ? httpAnswer({ status, body, headers: { 'retry-after': '30' } }) : undefined);
      const said = await failureOf(maarch.submit(await rig.submission('create-resource'), settings(), rig.context));
      expect(said.split(':')[0]).to.equal(kind);
      const words = /"errors":"(?:\[.*?\] )?(.*?)"/.exec(body)?.[1];
      if (words !== undefined) expect(said).to.contain(words);
      expect(said).to.not.contain(settings().password).and.not.contain(Buffer.from(settings().password).toString('base64'));
    });
  }

  it('empty files, and files without a format, are refused before the mark', async () => {
    for (const annex of [await rig.annex('vide.pdf', ''), await rig.annex('sans-extension', 'x', { mediaType: 'application/octet-stream' })]) {
      expect(await failureOf(maarch.submit(await rig.submission('create-resource', { annexes: [annex] }), settings(), rig.context))).to.match(/^refused: /).and.to.contain(annex.filename);
    }
    expect(rig.asked).to.not.include('mark');
  });

  it('the mark of an update is read back, whatever a status is called there', () => {
    for (const statusBefore of ['NEW', 'A/B', '%ZZ', '', 'é']) {
      const mark = { itemUid: 'a'.repeat(32), since: 7, attachments: 2, statusBefore, statusAsked: 'C/D' };
      expect(readUpdateMark(writeUpdateMark(mark))).to.deep.equal(mark);
    }
    for (const other of ['a/b', '%ZZ/1/1/a/b', '1/2/3/4/5/6', null, 7]) expect(readUpdateMark(other)).to.equal(null);
  });

  it('150 MiB go through at constant memory', async () => {
    const submission = await rig.submission('create-resource', { annexes: [await rig.annex('grand.pdf', largeContent(150 * MIB))] });
    const memory = watchMemory(ROOM);
    const { reference } = await maarch.submit(submission, settings(), rig.context);
    expect(memory.end() / MIB).to.be.lessThan(ROOM / MIB);
    expect(letter(reference).file?.sha256).to.equal(submission.item.annexes[0]?.sha256);
  }).timeout(120_000);
});
