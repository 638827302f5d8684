import { expect } from 'chai';
import { cmisSettings, type CmisSettings } from '../../connectors/cmis/config.js';
import { cmis } from '../../connectors/cmis/index.js';
import { quoted, safeName, withSuffix } from '../../connectors/cmis/names.js';
import { documentsOf } from '../../connectors/cmis/simulated-people.js';
import { KEY_PROPERTY, openSimulator, type CmisSimulator } from '../../connectors/cmis/simulator.js';
import { NotSent } from '../../src/connector-api/failures.js';
import { watchMemory } from '../../src/connector-kit/live-memory.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { largeContent, openLetterRig, type LetterRig } from '../support/letter-rig.js';

const MIB = 2 ** 20;
const ROOM = 64 * MIB;

describe('cmis', () => {
  let rig: LetterRig;
  let other: CmisSimulator;
  const settings = (change: Partial<Record<keyof CmisSettings, unknown>> = {}): CmisSettings => cmisSettings.parse({ ...other.settings, ...change });
  const paths = () => documentsOf(other.vault).map((entry) => other.vault.pathOf(entry)).filter((path) => !path.includes('Courrier'));
  const submit = async (key: string, fields = {}, change: Parameters<typeof settings>[0] = {}) => cmis.submit(await rig.submission('create-document', { key, fields }), settings(change), rig.context);

  beforeEach(async () => { [rig, other] = [await openLetterRig(), await openSimulator({ standing: 3 })]; });
  afterEach(async () => { await other.close(); await rig.close(); });

  it('makes folders as needed, once, and brings the main document last', async () => {
    const annexes = [await rig.annex('décision.pdf'), await rig.annex('plan.pdf'), await rig.annex('plan.pdf', 'other', { uid: '2'.repeat(32) })];
    const submission = await rig.submission('create-document', { annexes, fields: { folder: ' 2027 / Mars' } });
    let forms = 0;
    rig.instead = ({ method }) => {
      forms += method === 'POST' ? 1 : 0;
      if (method === 'POST' && forms === 5) throw new NotSent('The line is cut.');
      return undefined;
    };
    expect(await failureOf(cmis.submit(submission, settings(), rig.context))).to.equal('not-sent: The line is cut.');
    expect(paths()).to.deep.equal(['/Conseil/2027/Mars/plan.pdf', '/Conseil/2027/Mars/plan-2.pdf']);
    expect(await cmis.probe(submission, settings(), rig.context)).to.equal('absent');
    await cmis.submit(submission, settings(), rig.context);
    expect(paths()).to.deep.equal(['/Conseil/2027/Mars/plan.pdf', '/Conseil/2027/Mars/plan-2.pdf', '/Conseil/2027/Mars/décision.pdf']);
    expect(other.vault.entries().filter(({ kind }) => kind === 'cmis:folder')).to.have.length(4);
  });

  it('a name that is taken: refused before the mark, numbered, or a new version, each once', async () => {
    await submit('first');
    rig.asked.length = 0;
    expect(await failureOf(submit('second'))).to.match(/^refused: «\/Conseil\/décision.pdf» is there already/);
    expect(rig.asked).to.not.include('mark');
    const third = await rig.submission('create-document', { key: 'third' });
    await twice(() => cmis.submit(third, settings({ onConflict: 'number' }), rig.context));
    expect(paths()).to.deep.equal(['/Conseil/décision.pdf', '/Conseil/décision-2.pdf']);
    const submission = await rig.submission('create-document', { key: 'fourth' });
    await twice(() => cmis.submit(submission, settings({ onConflict: 'version' }), rig.context));
    expect(documentsOf(other.vault).find(({ name }) => name === 'décision.pdf')?.versions.map(({ label }) => label)).to.deep.equal(['1.0', '2.0']);
    expect(await cmis.probe(submission, settings({ onConflict: 'version' }), rig.context)).to.have.property('found');
  });

  it('without a key property the name holds the mark, so that names never meet', async () => {
    for (const key of ['one', 'two']) {
      const submission = await rig.submission('create-document', { key });
      await twice(() => cmis.submit(submission, settings({ key: undefined }), rig.context));
    }
    expect(paths()).to.have.length(2).and.to.satisfy((all: string[]) => all.every((path) => /^\/Conseil\/décision \[[0-9a-f]{12}\]\.pdf$/.test(path)));
  });

  it('a document that was moved and renamed over there is found by its key; one that was deleted is absent', async () => {
    const submission = await rig.submission('create-document');
    const { reference } = await cmis.submit(submission, settings(), rig.context);
    const document = other.vault.entry(reference);
    [document.name, document.parentId] = ['Autre nom.pdf', other.vault.root.id];
    expect(await cmis.probe(submission, settings(), rig.context)).to.have.nested.property('found.reference', reference);
    expect(await cmis.submit(submission, settings(), rig.context)).to.have.property('reference', reference);
    await other.commands?.run(`delete ${document.id}`);
    expect(await cmis.probe(submission, settings(), rig.context)).to.equal('absent');
  });

  it('a repository that makes paths of its own: folders and documents are found by a search, and made once', async () => {
    other.mishaps.add('own-paths');
    const submission = await rig.submission('create-document', { fields: { folder: 'Séance du 1er mars/L\'affaire' } });
    await twice(() => cmis.submit(submission, settings(), rig.context));
    expect(paths()).to.deep.equal(['/Conseil/Séance du 1er mars/L\'affaire/décision.pdf']);
  });

  it('404 of something before the repository is no absence', async () => {
    const submission = await rig.submission('create-document');
    other.mishaps.add('proxy-404');
    expect(await failureOf(cmis.probe(submission, settings(), rig.context))).to.match(/^misconfigured: .*404/);
    other.mishaps.clear();
    rig.instead = ({ url }) => (url.includes('d%C3%A9cision') ? httpAnswer({ status: 404, body: '<html>no</html>' }) : undefined);
    expect(await failureOf(cmis.probe(submission, settings(), rig.context))).to.match(/^misconfigured: .*404/);
  });

  it('the password goes to the host of the settings alone, whatever addresses the repository names', async () => {
    const hosts = new Set<string>();
    rig.instead = ({ url }) => { hosts.add(new URL(url).host); return undefined; };
    await submit('first');
    expect([...hosts]).to.deep.equal([new URL(other.url).host]);
  });

  it('properties go as their definitions want them; what does not fit is refused before the mark', async () => {
    const { reference } = await submit('first', { 'property.act:date': '2027-03-01T10:00:00+01:00', 'property.act:themes': 'a\nb', 'property.act:public': 'false' });
    expect(other.vault.entry(reference).values).to.include.keys(KEY_PROPERTY).and.to.deep.include({ 'act:date': [String(Date.UTC(2027, 2, 1, 9))], 'act:themes': ['a', 'b'], 'act:public': ['false'] });
    rig.asked.length = 0;
    for (const [id, value] of [['act:pages', '1.5'], ['act:amount', 'douze'], ['act:public', 'oui'], ['act:date', '1er mars'], ['act:unknown', 'x'], ['cmis:objectId', 'x'], ['cmis:name', 'x']] as const) {
      expect(await failureOf(submit(id, { name: `${id}.pdf`, [`property.${id}`]: value }))).to.match(/^refused: /).and.to.contain(id);
    }
    expect(rig.asked).to.not.include('mark');
  });

  it('an update checks out and in, once, takes up a working copy that was left, and waits for people', async () => {
    const submission = await rig.submission('update-document', { item: { externalIdentifier: 'GED-1' }, fields: { comment: 'Signée' } });
    rig.instead = ({ method }) => {
      if (method === 'POST' && rig.asked.filter((line) => line.startsWith('POST')).length === 2) throw new NotSent('The line is cut.');
      return undefined;
    };
    expect(await failureOf(cmis.submit(submission, settings(), rig.context))).to.match(/^not-sent/);
    rig.instead = undefined;
    const { reference } = await cmis.submit(submission, settings(), rig.context);
    await cmis.submit(submission, settings(), rig.context);
    const document = other.vault.entry(reference);
    expect(document.versions.map(({ label, comment }) => [label, comment.replace(/\[relais .*\]$/, '[…]')])).to.deep.equal([['1.0', ''], ['2.0', 'Signée […]']]);
    await other.commands?.run(`checkout ${document.id}`);
    const next = await rig.submission('update-document', { key: 'delivery-2', item: { externalIdentifier: 'GED-1' } });
    expect(await failureOf(cmis.submit(next, settings(), rig.context))).to.equal('not-sent: The document is checked out by mlambert: it is tried again later.');
  });

  it('an update that is refused gives the working copy back', async () => {
    await other.behave('refuses');
    expect(await failureOf(cmis.submit(await rig.submission('update-document', { item: { externalIdentifier: 'GED-2' } }), settings(), rig.context))).to.match(/^refused: .*constraint/);
    expect(documentsOf(other.vault).filter(({ checkedOutBy }) => checkedOutBy !== null)).to.deep.equal([]);
  });

  it('a document without versions is written over, and the key property says so; without one it is not touched', async () => {
    const { reference } = await submit('first', { type: 'D:act:note' });
    const submission = await rig.submission('update-document', { key: 'second', annexes: [await rig.annex('signée.pdf')], fields: { document: reference, 'property.act:number': '7' } });
    const byId = { namedBy: 'objectId' };
    await cmis.submit(submission, settings(byId), rig.context);
    expect(await cmis.probe(submission, settings(byId), rig.context)).to.have.property('found');
    expect(other.vault.entry(reference)).to.have.nested.property('versions[0].content.sha256', submission.item.annexes[0]?.sha256);
    expect(other.vault.entry(reference).values['act:number']).to.deep.equal(['7']);
    expect(await failureOf(cmis.submit({ ...submission, key: 'third' }, settings({ ...byId, key: undefined }), rig.context))).to.match(/^misconfigured: .*no versions/);
  });

  it('a document that is gone, or named by somebody hostile, is refused', async () => {
    await other.commands?.run('delete 3');
    for (const name of ['GED-1', 'x\' OR \'1\'=\'1']) {
      expect(await failureOf(cmis.submit(await rig.submission('update-document', { item: { externalIdentifier: name } }), settings(), rig.context))).to.match(/^refused: The repository has no document/);
    }
  });

  for (const [exception, status, kind] of [
    ['permissionDenied', 403, 'misconfigured'], ['notSupported', 405, 'misconfigured'], ['constraint', 409, 'refused'], ['nameConstraintViolation', 409, 'refused'], ['streamNotSupported', 403, 'refused'],
    ['updateConflict', 409, 'not-sent'], ['objectNotFound', 404, 'refused'], ['serviceUnavailable', 503, 'not-sent'], ['tooManyRequests', 429, 'not-sent'], ['storage', 500, 'outcome-unknown'], ['runtime', 500, 'outcome-unknown'],
    ['', 413, 'refused'], ['', 401, 'misconfigured'], ['', 502, 'outcome-unknown'], ['', 302, 'misconfigured'], ['', 200, 'outcome-unknown'],
  ] as const) {
    it(`${status} ${exception} to the form is ${kind}, without the password`, async () => {
      rig.instead = ({ method }) => (method === 'POST' ? httpAnswer({ status, body: exception === '' ? '<html><h1>Oops</h1></html>' : JSON.stringify({ exception, message: 'Because of the rule.' }) }) : undefined);
      const said = await failureOf(submit('first'));
      expect(said.split(':')[0]).to.equal(kind);
      if (exception !== '') expect(said).to.contain(`${exception}: Because of the rule.`);
      expect(said).to.not.contain(settings().password);
    });
  }

  it('a page of a login is no answer', async () => {
    other.mishaps.add('login-page');
    expect(await failureOf(submit('first'))).to.match(/^not-sent: .*no JSON/);
    expect(await failureOf(cmis.check(settings(), rig.context))).to.match(/^misconfigured: /);
    other.mishaps.clear();
    other.mishaps.add('login-redirect');
    expect(await failureOf(submit('first'))).to.match(/^misconfigured: .*302/);
  });

  it('check tells a wrong repository, folder, type or key property', async () => {
    for (const [change, words] of [[{ repository: 'autre' }, 'autre'], [{ folder: '/Absent' }, '/Absent'], [{ type: 'D:none' }, 'D:none'], [{ key: { property: 'rel:none' } }, 'rel:none']] as const) {
      expect(await failureOf(cmis.check(settings(change), rig.context))).to.match(/^misconfigured: /).and.to.contain(words);
    }
  });

  it('names are made as repositories take them, and texts in searches cannot end them', () => {
    expect(['../../etc/passwd', 'a "b" <c>?.pdf', 'fin. . ', '..', 'ligne\r\nautre.pdf', ''].map(safeName)).to.deep.equal(['.._.._etc_passwd', 'a _b_ _c__.pdf', 'fin', '_', 'ligne autre.pdf', '_']);
    expect(safeName(`${'é'.repeat(300)}.pdf`)).to.have.length(180).and.to.match(/é\.pdf$/);
    expect(withSuffix(`${'é'.repeat(176)}.pdf`, ' [0123456789ab]')).to.have.length(180).and.to.match(/é \[0123456789ab\]\.pdf$/);
    expect(quoted('l\'été \\ \'')).to.equal('\'l\\\'été \\\\ \\\'\'');
  });

  for (const operation of ['create-document', 'update-document']) {
    it(`150 MiB go through ${operation} at constant memory`, async () => {
      const submission = await rig.submission(operation, { annexes: [await rig.annex('grand.pdf', largeContent(150 * MIB))], item: { externalIdentifier: 'GED-1' } });
      const memory = watchMemory(ROOM);
      const { reference } = await cmis.submit(submission, settings(), rig.context);
      expect(memory.end() / MIB).to.be.lessThan(ROOM / MIB);
      expect(other.vault.entry(reference).versions.at(-1)?.content?.sha256).to.equal(submission.item.annexes[0]?.sha256);
    }).timeout(120_000);
  }
});

async function twice(work: () => Promise<unknown>): Promise<void> {
  await work();
  await work();
}
