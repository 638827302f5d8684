import { expect } from 'chai';
import type { CouncilDirectory } from '../../../src/connector-api/deliberation.js';
import { Misconfigured, Refused } from '../../../src/connector-api/failures.js';
import type { Authority } from '../../../src/domain/authority.js';
import { RelaisError } from '../../../src/errors.js';
import { createDirectory, type Directory } from '../../../src/facade/directory.js';
import { fakeTime, turns, type FakeTime } from '../../support/fake-time.js';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.js';
import { CATEGORISED, sampleAuthority } from '../../support/sample-authority.js';
import { councilConfig, councilUser, memoryCopies, scriptedCouncil, type ScriptedCouncil } from '../../support/scripted-council.js';

const MINUTE = 60_000;

function declared(): Authority {
  const authority = sampleAuthority();
  const backend = { connector: 'pm', forward: 'later', directWaitMs: 1, freshForMs: 1, readTimeoutMs: 4_000, fields: {} } as const;
  return { ...authority, meetingConfigs: authority.meetingConfigs.map((config) => (config.id === CATEGORISED ? { ...config, backend } : config)) };
}

function directoryOf(title: string): CouncilDirectory {
  return { version: '4.2', configs: [councilConfig(CATEGORISED, { title })], organisations: [{ uid: 'pm-dev', id: 'developers', title: 'Devs', description: '' }] };
}

const titleOf = (authority: Authority): string | undefined => authority.meetingConfigs.find(({ id }) => id === CATEGORISED)?.title;

describe('the directory of a system behind', () => {
  let time: FakeTime;
  let council: ScriptedCouncil;
  let copies: ReturnType<typeof memoryCopies>;
  let logger: RecordingLogger;
  let begun: Directory[];

  beforeEach(() => {
    time = fakeTime();
    council = scriptedCouncil(directoryOf('Conseil'));
    copies = memoryCopies();
    logger = recordingLogger();
    begun = [];
  });
  afterEach(async () => {
    for (const one of begun) one.stop();
    await turns(5);
    expect(time.pending()).to.equal(0);
  });

  async function start(authority = declared()): Promise<Directory> {
    const directory = createDirectory({ declared: authority, upstreamOf: (connector) => (connector === 'pm' ? council.upstream : undefined), copies, clock: time, timer: time, logger, random: () => 0.5 });
    begun.push(directory);
    const started = directory.start();
    await time.advance(5_000);
    await started;
    return directory;
  }

  async function codeOf(work: Promise<unknown>): Promise<string> {
    return await work.then(() => 'no error', (error: unknown) => (error instanceof RelaisError ? error.code : String(error)));
  }

  /** Lets a call that may wait for an answer in vain do so. */
  async function knowing(directory: Directory, ...userIds: string[]): Promise<string> {
    const code = codeOf(directory.authorityFor(userIds));
    await time.advance(5_000);
    return await code;
  }

  it('is what is declared where nothing is behind: the same object, and nobody is asked', async () => {
    const authority = sampleAuthority();
    const directory = await start(authority);
    expect(directory.current()).to.equal(authority);
    expect(await directory.authorityFor(['nobody-knows'])).to.equal(authority);
    expect([council.asked, directory.status(), copies.kept.size]).to.deep.equal([[], [], 0]);
  });

  it('is seen at the start, kept, and asked again from time to time; the same object until something changes', async () => {
    const directory = await start();
    const first = directory.current();
    expect(titleOf(first)).to.equal('Conseil');
    await time.advance(6 * MINUTE);
    expect(council.asked).to.deep.equal(['directory', 'directory']);
    expect(directory.current()).to.equal(first);
    council.directory = directoryOf('Conseil communal');
    await directory.refresh();
    expect(titleOf(directory.current())).to.equal('Conseil communal');
    expect(directory.status()).to.deep.equal([{ connector: 'pm', at: time.now(), problem: null, missing: [] }]);
  });

  it('is what is declared at a first start while the system is away, and seen as soon as it is back', async () => {
    council.standing = 'away';
    const directory = await start();
    expect(titleOf(directory.current())).to.equal(titleOf(declared()));
    expect(directory.status()[0]).to.include({ at: null, problem: 'it cannot be asked' });
    council.standing = 'there';
    await time.advance(2 * MINUTE);
    expect(titleOf(directory.current())).to.equal('Conseil');
  });

  it('does not hold up a start for a system that does not answer, or of which a copy is kept', async () => {
    council.standing = 'silent';
    await start();
    council.standing = 'there';
    const kept = await start();
    await time.advance(1);
    kept.stop();
    council.standing = 'silent';
    const before = time.now();
    const directory = createDirectory({ declared: declared(), upstreamOf: () => council.upstream, copies, clock: time, timer: time, logger, random: () => 0.5 });
    begun.push(directory);
    await directory.start();
    expect(time.now()).to.equal(before);
    expect(titleOf(directory.current())).to.equal('Conseil');
  });

  it('starts from what was kept while the system is away, and goes on without a store that works', async () => {
    const before = await start();
    council.users.set('jeanne', councilUser('jeanne', { 'pm-dev': ['creators'] }));
    expect(await knowing(before, 'jeanne')).to.equal('no error');
    council.standing = 'away';
    const directory = await start();
    expect(titleOf(directory.current())).to.equal('Conseil');
    expect((await directory.authorityFor(['jeanne'])).organisations[0]?.members['creators']).to.include('jeanne');
    copies.broken = true;
    council.standing = 'there';
    const withoutStore = await start();
    expect(titleOf(withoutStore.current())).to.equal('Conseil');
    expect(logger.lines.some(({ level }) => level === 'error')).to.equal(false);
  });

  it('tells of meeting configs that are not over there', async () => {
    council.directory = { ...directoryOf(''), configs: [] };
    const directory = await start();
    expect(directory.status()[0]?.missing).to.deep.equal([CATEGORISED]);
  });

  it('asks for people when they are needed, once for many calls, and again after ten minutes', async () => {
    council.users.set('jeanne', councilUser('jeanne'));
    const directory = await start();
    await Promise.all(Array.from({ length: 50 }, () => directory.authorityFor(['jeanne', 'creator1'])));
    const first = await directory.authorityFor(['jeanne', 'creator1']);
    expect(first.users.get('jeanne')?.fullname).to.equal('Madame jeanne');
    expect(council.asked.toSorted()).to.deep.equal(['directory', 'user creator1', 'user jeanne']);
    await time.advance(10 * MINUTE);
    council.users.set('jeanne', councilUser('jeanne', {}, { fullname: 'Madame J.' }));
    expect((await directory.authorityFor(['jeanne'])).users.get('jeanne')?.fullname).to.equal('Madame J.');
    expect(first.users.get('jeanne')?.fullname).to.equal('Madame jeanne');
  });

  it('forgets who is not there any more, also after a restart', async () => {
    council.users.set('jeanne', councilUser('jeanne'));
    const directory = await start();
    await directory.authorityFor(['jeanne']);
    council.users.clear();
    await time.advance(11 * MINUTE);
    expect((await directory.authorityFor(['jeanne'])).users.has('jeanne')).to.equal(false);
    council.standing = 'away';
    expect(await knowing(await start(), 'jeanne')).to.equal('RELAIS_UPSTREAM_AWAY');
  });

  it('answers with what was known while the system is away or silent, and says when nobody knows', async () => {
    council.users.set('jeanne', councilUser('jeanne'));
    const directory = await start();
    expect((await directory.authorityFor(['jeanne', 'nemo'])).users.has('nemo')).to.equal(false);
    for (const standing of ['away', 'silent'] as const) {
      council.standing = standing;
      await time.advance(11 * MINUTE);
      expect([standing, await knowing(directory, 'jeanne', 'creator1', 'admin'), await knowing(directory, 'nemo')]).to.deep.equal([standing, 'no error', 'RELAIS_UPSTREAM_AWAY']);
      expect((await directory.authorityFor(['creator1'])).users.get('jeanne')?.fullname).to.equal('Madame jeanne');
    }
  });

  it('does not hold up a call for somebody who is known, and takes the answer when it comes', async () => {
    council.users.set('jeanne', councilUser('jeanne'));
    const directory = await start();
    await directory.authorityFor(['jeanne']);
    council.standing = 'silent';
    await time.advance(11 * MINUTE);
    const known = directory.authorityFor(['jeanne']);
    await time.advance(250);
    expect((await known).users.get('jeanne')?.fullname).to.equal('Madame jeanne');
  });

  it('does not ask about what cannot be an id, nor about hundreds of ids that are nobody\'s', async () => {
    const directory = await start();
    expect(await knowing(directory, '', '../../x', 'a?b=c', 'é'.repeat(200), 'x'.repeat(200))).to.equal('no error');
    expect(council.asked).to.deep.equal(['directory']);
    let refused = 0;
    for (let index = 0; index < 300; index += 1) if (await codeOf(directory.authorityFor([`guess${index}`])) !== 'no error') refused += 1;
    expect(council.asked.length).to.be.below(80);
    expect(refused).to.be.above(200);
    expect((await directory.authorityFor(['guess0'])).users.has('guess0')).to.equal(false);
    council.users.set('jeanne', councilUser('jeanne'));
    await time.advance(MINUTE);
    expect((await directory.authorityFor(['jeanne'])).users.has('jeanne')).to.equal(true);
    expect(copies.kept.size).to.equal(2);
  });

  it('counts a refusal about a person as nobody, and an account that does not work as a system that is away', async () => {
    const directory = await start();
    const { deliberation } = council.upstream;
    deliberation.user = () => Promise.reject(new Refused('this account may not look at people'));
    expect((await directory.authorityFor(['jeanne'])).users.has('jeanne')).to.equal(false);
    deliberation.user = () => Promise.reject(new Misconfigured('wrong password'));
    expect(await knowing(directory, 'paul')).to.equal('RELAIS_UPSTREAM_AWAY');
    await turns(1);
  });
});
