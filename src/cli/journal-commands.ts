import fs from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { composeTimestamper } from '../compose/compose-timestamper.js';
import type { TimestampSettings } from '../config/load-configuration.js';
import { valueAt } from '../config/explain-issue.js';
import { mainFileValue } from '../config/main-file-value.js';
import { RelaisError } from '../errors.js';
import { exportItem } from '../journal/export-item.js';
import { journalOf } from '../journal/journal-of.js';
import { sealText } from '../journal/seal.js';
import { checkToken, TimeStampRefused } from '../journal/time-stamp.js';
import { verifyJournal, type JournalCheck, type TokenCheck } from '../journal/verify-journal.js';
import { writeArchive } from '../journal/write-archive.js';
import { createOutboundHttp } from '../outbound/create-outbound-http.js';
import type { Store } from '../persistence/open-store.js';
import { configurationFile } from '../serve.js';
import { blobsBeside } from './blobs-beside.js';
import { authorityOption, chosenAuthority, jsonOption, print, requireAuthority, withStore, withStoreBeside, type LookOptions } from './command-environment.js';
import { installation } from './installation.js';
import { requireStory } from './item-commands.js';

type JournalOptions = Pick<LookOptions, 'authority' | 'json'>;

/** `relais journal …`: the proof of what happened. */
export function addJournalCommands(program: Command): void {
  const journal = program.command('journal').description('the proof of what happened');

  journal.command('verify').description('recompute the chain of the journal, its seals and their time stamps; exit code 1 if it is broken')
    .addOption(authorityOption()).addOption(jsonOption())
    .addHelpText('after', '\nEntries cut off after the last seal leave no trace in the chain: compare the number and the last hash with what you noted before.')
    .action((options: JournalOptions) => withStore(async (store) => {
      const authority = chosenAuthority(options);
      const settings = await timestampSettings();
      const check = await verifyJournal(await journalOf(store.journal, authority), settings === null ? undefined : tokenCheck(settings));
      if (check.entries === 0) requireAuthority(authority);
      print(options.json === true ? JSON.stringify(check) : checkLines(check, settings !== null).join('\n'));
      if (check.problem !== null) throw new RelaisError('RELAIS_STORE_CORRUPT', `the journal of ${authority} was altered: ${check.problem}`);
    }));

  journal.command('seal').description('seal what is not sealed yet, and have it time-stamped where that is configured')
    .addOption(authorityOption()).addOption(jsonOption())
    .action((options: JournalOptions) => withStoreBeside(async (store) => {
      const authority = chosenAuthority(options);
      const sealed = await seal(store, authority);
      const lag = await store.journal.lag(authority);
      print(options.json === true ? JSON.stringify({ sealed, ...lag }) : `${sealed} seals made, ${lag.unsealed} entries without a seal, ${lag.unstamped} seals without a time stamp`);
    }));

  journal.command('export').description('write one archive with which a third party can verify what happened to an item, without Relais')
    .argument('<uid>', 'as createItem answered it')
    .option('--output <file>', 'where; it must not exist yet (<uid>.tar.gz)')
    .addOption(authorityOption())
    .addHelpText('after', '\nThe archive holds the files of the item and who did what, but not its texts. README.txt in it says how to verify it; docs/journal.md explains why that proves anything.')
    .action((uid: string, options: Pick<LookOptions, 'authority'> & { readonly output?: string }) => withStoreBeside(async (store) => {
      const authority = chosenAuthority(options);
      const { item, deliveries } = await requireStory(store, authority, uid);
      await seal(store, authority);
      const settings = await timestampSettings();
      const blobs = await blobsBeside(store, authority);
      const output = options.output ?? `${uid}.tar.gz`;
      await writeNewFile(output, (file) => writeArchive(exportItem({ item, deliveries }, {
        store: store.journal, read: (sha256) => blobs.read(sha256), timeStampCa: settings === null ? null : fs.readFileSync(settings.ca, 'utf8'),
      }), file, new Date()));
      print(output);
    }));
}

/** Resolves with the number of seals that were made. */
async function seal({ journal }: Pick<Store, 'journal'>, authority: string): Promise<number> {
  const outbound = createOutboundHttp();
  const logger = { error: warn, warn, info: () => undefined, debug: () => undefined, child: () => logger };
  try {
    return await composeTimestamper({ timestamps: await timestampSettings(), journal, outbound, logger }).sealNow(authority);
  } finally {
    outbound.close();
  }
}

function warn(message: string, fields?: Readonly<Record<string, unknown>>): void {
  const error = fields?.['error'];
  process.stderr.write(`${message}${error instanceof Error ? ` (${error.message})` : ''}\n`);
}

/** The configuration is needed only where it names a time-stamp authority. */
async function timestampSettings(): Promise<TimestampSettings | null> {
  if (valueAt(mainFileValue(configurationFile(process.env)), ['server', 'timestamps']) === undefined) return null;
  return (await installation()).configuration.server.timestamps;
}

function tokenCheck({ ca }: TimestampSettings): TokenCheck {
  const certificates = fs.readFileSync(ca, 'utf8');
  return async (sealed, token) => {
    try {
      await checkToken(token, sealText(sealed), certificates);
      return null;
    } catch (error) {
      if (error instanceof TimeStampRefused) return error.message;
      throw error;
    }
  };
}

function checkLines({ entries, lastHash, seals, sealedTo, stampedTo }: JournalCheck, hasTimestamps: boolean): string[] {
  const stamped = hasTimestamps ? `, time stamps verified up to seal ${stampedTo}` : '';
  return [`${entries} entries, last hash ${lastHash}`, `${seals} seals over the entries up to ${sealedTo}${stamped}`];
}

/** Leaves nothing behind when it fails, and overwrites nothing. */
async function writeNewFile(name: string, write: (file: fs.WriteStream) => Promise<void>): Promise<void> {
  const file = fs.createWriteStream(name, { flags: 'wx', mode: 0o600 });
  const opened = new Promise((resolve, reject) => { file.once('open', resolve); file.once('error', reject); });
  await opened.catch((error: unknown) => { throw new RelaisError('RELAIS_COMMAND_USAGE', `--output: ${name} cannot be made, expected a new file in a folder that can be written`, { cause: error }); });
  try {
    await write(file);
    await finished(file);
  } catch (error) {
    file.destroy();
    await fs.promises.rm(name, { force: true });
    throw error;
  }
}
