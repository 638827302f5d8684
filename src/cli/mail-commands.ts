import type { Command } from 'commander';
import type { Readable } from 'node:stream';
import { mailDepositsOf } from '../compose/serve-mail.js';
import { expectedOneOf } from '../config/closest-word.js';
import { RelaisError } from '../errors.js';
import { createIntake } from '../intake/accept-item.js';
import { reasonInWords, type MailOutcome } from '../mail-intake/outcome.js';
import { takeMessage } from '../mail-intake/take-message.js';
import type { Store } from '../persistence/open-store.js';
import { systemClock } from '../platform/clock.js';
import { createNewId } from '../platform/new-id.js';
import { problemInWords } from '../serve.js';
import { dataFolderOf } from '../config/environment.js';
import { blobsBeside } from './blobs-beside.js';
import { authorityOption, chosenAuthority, print, withStoreBeside } from './command-environment.js';
import { configuredAuthority, installation, withMeetings } from './installation.js';

interface ReceiveOptions {
  readonly authority?: string;
  readonly deposit: string;
}

/** What mail servers understand (sysexits.h): it is no message that can be taken, or it is to be brought again later. */
const EXIT = { ok: 0, dataError: 65, tryLater: 75 };

/** `relais mail …`: letters that come by mail. */
export function addMailCommands(program: Command): void {
  const mail = program.command('mail').description('letters that come by mail');
  mail.command('receive').description('take one message from standard input, for a mail server that hands them over; exit code 0 once it is kept, known, or no letter, 65 if it can never be taken, 75 if it is to be brought again')
    .requiredOption('--deposit <id>', 'the deposit that takes mail')
    .addOption(authorityOption())
    .action(async (options: ReceiveOptions) => { process.exitCode = await receive(process.stdin, options); });
}

/** A mail server that is told anything but «later» sends the letter back, or forgets it: so whatever is wrong with us is «later». */
async function receive(message: Readable, options: ReceiveOptions): Promise<number> {
  try {
    let outcome: MailOutcome | undefined;
    await withStoreBeside(async (store) => { outcome = await takeBeside(message, options, store); });
    return outcome === undefined ? EXIT.tryLater : told(outcome);
  } catch (error) {
    process.stderr.write(`${problemInWords(error, dataFolderOf(process.env))}\n`);
    return EXIT.tryLater;
  }
}

/** A gateway that runs finds the item by itself. */
async function takeBeside(message: Readable, options: ReceiveOptions, store: Store): Promise<MailOutcome> {
  const configured = configuredAuthority(await installation(), chosenAuthority(options));
  const now = systemClock.now();
  const authority = withMeetings(configured, now, await store.meetings.settle(configured.authority.id, configured.declaredMeetings));
  const newId = createNewId();
  const intake = createIntake({ store: store.intake, routes: authority, clock: systemClock, newId, onAccepted: () => undefined });
  const deposits = mailDepositsOf({ authority, blobs: await blobsBeside(store, authority.id), intake, store, newId });
  const parts = deposits.find(({ deposit }) => deposit.id === options.deposit);
  if (parts === undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', `--deposit: found ${options.deposit}, ${expectedOneOf(options.deposit, deposits.map(({ deposit }) => deposit.id))}`);
  return await takeMessage(message as AsyncIterable<Buffer>, { way: 'pipe', arrivedAt: now, signal: new AbortController().signal }, parts);
}

function told(outcome: MailOutcome): number {
  if ('uid' in outcome) {
    print(`${outcome.state} ${outcome.uid}`);
    return EXIT.ok;
  }
  process.stderr.write(`${outcome.state}: ${reasonInWords(outcome.reason)}\n`);
  return outcome.state === 'refused' ? EXIT.dataError : EXIT.ok;
}
