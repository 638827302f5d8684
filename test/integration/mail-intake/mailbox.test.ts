import { expect } from 'chai';
import type { DepositMailbox } from '../../../src/domain/deposit-mail.js';
import { RelaisError } from '../../../src/errors.js';
import { openImapSession } from '../../../src/mail-intake/mailbox/imap-session.js';
import { watchMailbox, type MailboxFigures, type MailboxWatch } from '../../../src/mail-intake/mailbox/watch-mailbox.js';
import { takeMessage } from '../../../src/mail-intake/take-message.js';
import { attachment, letter, mailParts, sampleMail } from '../../support/mail-rig.js';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.js';
import { openScriptedImap, type ScriptedImap } from '../../support/scripted-imap.js';

/** Waits until something is so, at most ten seconds. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo() && turn < 2000; turn += 1) await new Promise((resolve) => { setTimeout(resolve, 5); });
  expect(isSo(), isSo.toString()).to.equal(true);
}

describe('a mailbox', function mailbox() {
  this.timeout(20_000);
  let imap: ScriptedImap;
  let log: RecordingLogger;
  let parts: ReturnType<typeof mailParts>;
  let watches: MailboxWatch[];
  let taken: string[];
  let figures: MailboxFigures[];
  /** Pauses after failures, as long as they would be. */
  let pauses: number[];

  beforeEach(async () => {
    imap = await openScriptedImap();
    [log, parts, watches, taken, figures, pauses] = [recordingLogger(), mailParts({ mail: sampleMail({ refuse: ['spam@*'] }) }), [], [], [], []];
  });
  afterEach(async () => {
    await Promise.all(watches.map((watch) => watch.stop()));
    await imap.stop();
  });

  function settings(change: Partial<DepositMailbox> = {}): DepositMailbox {
    return {
      host: '127.0.0.1', port: imap.port, encryption: 'none', ca: null, login: 'courrier', password: 'secret',
      folder: 'INBOX', processed: 'Processed', errors: 'Errors', ignored: 'Ignored', everyMs: 50, ...change,
    };
  }

  const after = (ms: number, action: () => void): () => void => { const handle = setTimeout(action, ms); return () => { clearTimeout(handle); }; };

  function watch(change: Partial<DepositMailbox> = {}, largest = 2 ** 20, slowest = 900_000): MailboxWatch {
    const own = settings(change);
    const started = watchMailbox({
      mailbox: own, largest, logger: log, random: () => 0, turnstile: (task) => task(),
      open: (signal) => openImapSession(own, { largest: 2 ** 22, after: (ms, action) => after(ms === 900_000 ? slowest : ms, action), signal }),
      take: (source, origin) => takeMessage(source, origin, parts),
      // the pauses of a mailbox that is away are only noted
      after(ms, action) { pauses.push(ms); return after(1, action); },
      onTaken: (outcome) => taken.push(outcome), onLook: (told) => figures.push(told),
    });
    watches.push(started);
    return started;
  }

  const titles = (): string[] => parts.intake.submissions.map(({ item }) => item.title);

  it('gives its letters, and each message goes where it belongs once that is on the disk', async () => {
    imap.deliver(letter({ header: { Subject: 'Un' }, parts: [attachment('plan.pdf', 'x'.repeat(700_000))] }));
    imap.deliver(letter({ header: { From: 'spam@example.org', Subject: 'Deux' } }));
    imap.deliver('Ceci n\'est pas un courriel.');
    watch();
    await until(() => taken.length === 3);

    expect([taken, titles()]).to.deep.equal([['received', 'aside', 'refused'], ['Un']]);
    expect(['INBOX', 'Processed', 'Ignored', 'Errors'].map((folder) => imap.texts(folder).length)).to.deep.equal([0, 1, 1, 1]);
    expect(parts.intake.submissions[0]?.item.annexes[0]).to.deep.include({ filename: 'plan.pdf', size: 700_000 });
    expect(log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).to.deep.equal([{ message: 3, reason: 'it has no header of a mail', folder: 'Errors' }]);
    await until(() => figures.at(-1)?.waiting === 0);
  });

  it('tells at once of what arrives', async () => {
    watch({ everyMs: 3_600_000 });
    await until(() => imap.commands.includes('IDLE'));
    imap.deliver(letter());
    await until(() => taken.length === 1);
    expect(imap.texts('Processed')).to.have.length(1);
  });

  it('is looked into from time to time where its server cannot tell', async () => {
    await imap.stop();
    imap = await openScriptedImap({ without: 'IDLE ' });
    watch({ everyMs: 20 });
    await until(() => figures.length > 2);
    imap.deliver(letter());
    await until(() => taken.length === 1);
    expect(imap.commands).to.not.include('IDLE');
  });

  it('a connection that breaks between the item and the moving makes one item', async () => {
    imap.deliver(letter());
    let cuts = 0;
    imap.faults.cuts = (command) => command.startsWith('UID MOVE') && (cuts += 1) === 1;
    watch();
    await until(() => taken.length === 1);

    expect([taken, titles(), imap.connections]).to.deep.equal([['already-received'], ['Demande'], 2]);
    expect(imap.texts('Processed')).to.have.length(1);
  });

  it('a connection that breaks in the middle of a message leaves it there, and leaves nothing of it here', async () => {
    imap.deliver(letter({ parts: [attachment('plan.pdf', 'x'.repeat(600_000))] }));
    let pieces = 0;
    imap.faults.cuts = (command) => command.startsWith('UID FETCH') && (pieces += 1) === 3;
    watch();
    await until(() => taken.length === 1);
    expect([taken, parts.blobs.openWriters, parts.blobs.staged]).to.deep.equal([['received'], 0, []]);
  });

  it('one that does not let us in is told once, without the password, and tried less and less often', async () => {
    watch({ password: 'not that secret' });
    await until(() => pauses.length >= 5);
    const [told, ...others] = log.lines;
    expect(told).to.deep.include({ level: 'error', message: 'A deposit takes nothing from its mailbox; Relais goes on trying' });
    expect(told?.fields['reason']).to.match(/does not let Relais in .*: check login and password/);
    expect([others, pauses.slice(0, 5)]).to.deep.equal([[], [30_000, 60_000, 120_000, 240_000, 450_000]]);
    expect(log.text()).to.not.include('not that secret');
  });

  it('one that is away for a day gives what waited when it is back', async () => {
    const { port } = imap;
    await imap.stop();
    watch({ port });
    await until(() => pauses.length >= 3);
    imap = await openScriptedImap({ port });
    for (let message = 0; message < 30; message += 1) imap.deliver(letter({ text: `n° ${message}` }));
    await until(() => taken.length === 30);
    expect(log.lines.filter(({ level }) => level !== 'info').map(({ level }) => level)).to.deep.equal(['warn']);
    await until(() => log.lines.some(({ message }) => message === 'A deposit takes messages from its mailbox again'));
  });

  it('a database that cannot be written leaves every message where it is', async () => {
    parts.intake.failure = new RelaisError('RELAIS_STORE_UNAVAILABLE', 'the disk is full');
    imap.deliver(letter());
    watch();
    await until(() => pauses.length >= 2);
    expect([imap.texts('INBOX').length, taken]).to.deep.equal([1, []]);
    parts.intake.failure = null;
    await until(() => taken.length === 1);
    expect(imap.texts('INBOX')).to.deep.equal([]);
  });

  it('a message that we fail with is put away with the error, and the next ones come', async () => {
    parts.intake.failure = new Error('a mistake of ours');
    imap.deliver(letter());
    watch();
    await until(() => taken.length === 1);
    parts.intake.failure = null;
    imap.deliver(letter({ text: 'une autre' }));
    await until(() => taken.length === 2);
    expect([taken, imap.texts('Errors').length]).to.deep.equal([['refused', 'received'], 1]);
    expect(log.lines.some(({ level, message }) => level === 'error' && message === 'A message could not be read; it was put away')).to.equal(true);
  });

  it('a message that is too large is not even fetched', async () => {
    imap.deliver(letter({ text: 'x'.repeat(5000) }));
    watch({}, 4000);
    await until(() => taken.length === 1);
    expect([imap.texts('Errors').length, imap.commands.some((command) => command.startsWith('UID FETCH'))]).to.deep.equal([1, false]);
  });

  it('a folder into which nothing can be moved is named, and no letter becomes two items', async () => {
    imap.faults.answers = (command) => (command.startsWith('UID MOVE') ? 'NO [NOPERM] not yours' : undefined);
    imap.deliver(letter());
    watch();
    await until(() => pauses.length >= 3);
    expect([titles(), imap.texts('INBOX').length]).to.deep.equal([['Demande'], 1]);
    expect(log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['reason'])).to.deep.equal(['the folder Processed cannot be used']);
  });

  it('is not stopped by what another program marked and left there', async () => {
    for (let message = 0; message < 250; message += 1) imap.deliver(letter({ text: `n° ${message}` }), undefined, { isDeleted: true });
    imap.deliver(letter());
    watch();
    await until(() => taken.length === 1);
    expect([titles(), imap.texts('INBOX').length]).to.deep.equal([['Demande'], 250]);
  });

  it('a size that is not true neither cuts a letter nor keeps the next one waiting', async () => {
    imap.deliver(letter({ header: { Subject: 'petite' }, parts: [attachment('plan.pdf', 'x'.repeat(600_000))] }), undefined, { saidSize: 10 });
    imap.deliver(letter({ header: { Subject: 'grande' } }), undefined, { saidSize: 900_000 });
    watch();
    await until(() => taken.length === 2);
    expect([taken, titles(), imap.texts('Errors').length]).to.deep.equal([['refused', 'received'], ['grande'], 1]);
    expect([parts.blobs.openWriters, parts.blobs.staged]).to.deep.equal([0, []]);
  });

  it('a letter of which only a part is given waits for the rest', async () => {
    const whole = letter({ parts: [attachment('plan.pdf', 'x'.repeat(600_000))] });
    imap.deliver(whole);
    imap.faults.piece = 1000;
    watch();
    await until(() => pauses.length >= 2);
    expect([taken, titles()]).to.deep.equal([[], []]);
    imap.faults.piece = Infinity;
    await until(() => taken.length === 1);
    expect(imap.texts('Processed')[0]?.length).to.equal(whole.replaceAll(/\r?\n/g, '\r\n').length);
  });

  it('a server that never ends a message is left after a while', async () => {
    imap.faults.answers = (command) => (command.startsWith('UID FETCH') ? '' : undefined);
    imap.deliver(letter());
    watch({}, 2 ** 20, 20);
    await until(() => pauses.length >= 2);
    expect(imap.texts('INBOX')).to.have.length(1);
  });

  it('two processes that look into it make one item of each letter', async () => {
    for (let message = 0; message < 20; message += 1) imap.deliver(letter({ text: `n° ${message}` }));
    watch();
    watch();
    await until(() => imap.texts('Processed').length === 20);
    expect(titles()).to.have.length(20);
  });

  it('the stop of Relais does not wait for a server that says nothing at all', async () => {
    imap.faults.answers = () => '';
    const started = watch();
    await until(() => imap.commands.length > 0);
    await started.stop();
    expect(pauses).to.deep.equal([]);
  });

  it('the stop of Relais does not wait for what the server does not say', async () => {
    imap.faults.answers = (command) => (command.startsWith('UID FETCH') ? '' : undefined);
    imap.deliver(letter());
    const started = watch({ everyMs: 3_600_000 });
    await until(() => imap.commands.some((command) => command.startsWith('UID FETCH')));
    await started.stop();
    expect(imap.texts('INBOX')).to.have.length(1);
  });
});
