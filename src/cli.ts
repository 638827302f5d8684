#!/usr/bin/env -S node --max-semi-space-size=8 --max-old-space-size=1024
import { createInterface } from 'node:readline/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { Command, Option } from 'commander';
import { connectors } from '../connectors/index.js';
import { authorityIds } from './config/authority-ids.js';
import { dataFolderOf, loadConfiguration } from './config/load-configuration.js';
import { tryConnectors } from './config/try-connectors.js';
import type { Item } from './domain/item.js';
import { RelaisError } from './errors.js';
import { describeStory, type Language } from './history/describe-story.js';
import { hashPassword } from './identity/hash-password.js';
import { openStoreReader, type StoreReader } from './persistence/open-store.js';
import { systemClock } from './platform/clock.js';
import { CONNECTOR_CHECK_MS, configurationFile, packageVersion, problemInWords, serve } from './serve.js';

interface ItemOptions {
  readonly authority?: string;
  readonly json?: boolean;
  readonly lang: Language;
}

const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const program = new Command('relais')
  .description('SOAP gateway and connector hub for towns')
  .version(packageVersion())
  .showSuggestionAfterError()
  .showHelpAfterError('(--help shows what is possible)')
  .addHelpText('after', `
Environment:
  RELAIS_CONFIG  configuration file (the demonstration that comes with Relais)
  RELAIS_DATA    folder for everything that must survive (./data)
  PORT           port to listen on, instead of server.port

Exit code: 0 when it went well, 1 otherwise, with the reason on standard error.

Examples:
  relais serve
  relais config check /etc/relais/relais.yaml
  relais users hash
  relais items list --limit 5
  relais journal verify
  relais items show 019ab3c2d1e0f4a5b6c7d8e9f0a1b2c3 --lang fr`);

program.command('serve').description('run the gateway until SIGTERM').action(async () => {
  process.exit(await serve(process.env));
});

program.command('config').description('look at the configuration')
  .command('check').description('report every mistake as file:line:column, without starting anything')
  .argument('[file]', 'configuration file', configurationFile(process.env))
  .option('--connectors', 'also ask each connector whether it can work; nothing is handed over')
  .action(async (file: string, options: { readonly connectors?: boolean }) => {
    const found = await loadConfiguration(path.resolve(file), process.env, { connectors });
    const authorities = found.authorities.map(({ authority }) => authority);
    if (options.connectors === true) await requireConnectors(authorities);
    print(`${file} is right. Authorities: ${authorities.map(({ id }) => id).join(', ')}`);
  });

program.command('users').description('accounts')
  .command('hash').description('make the hash of a password, for `password:` of a user')
  .addHelpText('after', '\nThe password is asked for, or read from standard input:\n  printf %s "$PASSWORD" | relais users hash')
  .action(async () => print(await hashPassword(await readPassword())));

const items = program.command('items').description('where is my item?');
const authorityOption = new Option('--authority <id>', 'authority, where there are several');
const jsonOption = new Option('--json', 'everything, as JSON for programs');
const languageOption = new Option('--lang <language>', 'language of the answer').choices(['fr', 'en']).default('fr');

items.command('list').description('the newest items')
  .addOption(authorityOption).addOption(jsonOption).addOption(languageOption)
  .option('--limit <number>', 'how many', '20')
  .action((options: ItemOptions & { readonly limit: string }) => withStore(async (store) => {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1) throw new RelaisError('RELAIS_COMMAND_USAGE', `--limit: found ${options.limit}, expected a number from 1 on`);
    const authority = chosenAuthority(options);
    const found = await store.history.latest(authority, limit);
    if (found.length === 0) requireAuthority(authority);
    if (options.json === true) { print(JSON.stringify(found, null, 2)); return; }
    if (found.length === 0) { print(options.lang === 'fr' ? 'Aucun point.' : 'No item.'); return; }
    for (const item of found) print(lineOf(item));
  }));

items.command('show').description('everything that happened to an item')
  .argument('<uid>', 'as createItem answered it')
  .addOption(authorityOption).addOption(jsonOption).addOption(languageOption)
  .action((uid: string, options: ItemOptions) => withStore(async (store) => {
    const authority = chosenAuthority(options);
    const story = await store.history.story(authority, uid);
    if (story === null) requireAuthority(authority);
    if (story === null) throw new RelaisError('RELAIS_ITEM_UNKNOWN', `found ${uid}, expected the UID of an item of authority ${authority}`);
    print(options.json === true ? JSON.stringify(story, null, 2) : describeStory(story, options.lang, LOCAL_ZONE).join('\n'));
  }));

program.command('journal').description('the proof of what happened')
  .command('verify').description('recompute the chain of the journal; exit code 1 if it is broken')
  .addOption(authorityOption).addOption(jsonOption)
  .addHelpText('after', '\nEntries cut off at the end leave no trace in the chain: compare the number and the last hash with what you noted before.')
  .action((options: Pick<ItemOptions, 'authority' | 'json'>) => withStore(async (store) => {
    const authority = chosenAuthority(options);
    const check = await store.verifyJournal(authority);
    if (check.entries === 0) requireAuthority(authority);
    print(options.json === true ? JSON.stringify(check) : `${check.entries} entries, last hash ${check.lastHash}`);
    if (check.brokenAt !== null) throw new RelaisError('RELAIS_STORE_CORRUPT', `the journal of ${authority} was altered: entry ${check.brokenAt} does not follow from the one before it`);
  }));

/** The one that was named, or the only one there is. */
function chosenAuthority({ authority }: Pick<ItemOptions, 'authority'>): string {
  if (authority !== undefined) return authority;
  const ids = authorityIds(configurationFile(process.env));
  if (ids.length > 1) throw new RelaisError('RELAIS_COMMAND_USAGE', `found several authorities, expected --authority with one of ${ids.join(', ')}`);
  return ids[0] ?? 'default';
}

/** Only asked where nothing was found: items of an authority that was taken out of the configuration can still be seen. */
function requireAuthority(id: string): void {
  const ids = authorityIds(configurationFile(process.env));
  if (ids.length > 0 && !ids.includes(id)) throw new RelaisError('RELAIS_COMMAND_USAGE', `--authority: found ${id}, expected one of ${ids.join(', ')}`);
}

async function requireConnectors(authorities: Parameters<typeof tryConnectors>[0]): Promise<void> {
  const quiet = { warn: () => undefined, info: () => undefined, debug: () => undefined };
  const unusable = await tryConnectors(authorities, connectors, quiet, CONNECTOR_CHECK_MS);
  if (unusable.length === 0) return;
  throw new RelaisError('RELAIS_CONFIG_CONNECTOR', unusable.map(({ authority, connector, reason }) => `${authority}, connector ${connector}: ${reason}`).join('\n'));
}

function lineOf({ uid, createdAt, reviewState, configId, title }: Item): string {
  return `${new Date(createdAt).toISOString()}  ${uid}  ${reviewState}  ${configId}  ${title}`;
}

/** Opens the store for looking, beside a running gateway. */
async function withStore(look: (store: StoreReader) => Promise<void>): Promise<void> {
  const store = await openStoreReader({ folder: dataFolderOf(process.env), clock: systemClock });
  try { await look(store); } finally { await store.close(); }
}

async function readPassword(): Promise<string> {
  // What is typed is echoed into nothing.
  const terminal = createInterface({ input: process.stdin, output: new Writable({ write: (_chunk, _encoding, done) => { done(); } }), terminal: process.stdin.isTTY });
  if (process.stdin.isTTY) process.stderr.write('Password (it is not shown): ');
  const line: unknown = (await terminal[Symbol.asyncIterator]().next()).value;
  terminal.close();
  if (typeof line !== 'string' || line === '') throw new RelaisError('RELAIS_COMMAND_USAGE', 'the password is empty');
  return line;
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${problemInWords(error, dataFolderOf(process.env))}\n`);
  process.exit(1);
}
