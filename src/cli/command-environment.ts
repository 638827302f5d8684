import fs from 'node:fs';
import { Option } from 'commander';
import { authorityIds } from '../config/authority-ids.js';
import { dataFolderOf } from '../config/environment.js';
import { RelaisError } from '../errors.js';
import type { Language } from '../history/describe-story.js';
import { loadInstallation } from '../compose/load-installation.js';
import { storeEngineOf } from '../compose/store-settings.js';
import { valueAt } from '../config/explain-issue.js';
import { mainFileValue } from '../config/main-file-value.js';
import { openStoreBeside, openStoreReader, type Store, type StoreEngine, type StoreReader, type StoreSettings } from '../persistence/open-store.js';
import { systemClock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { configurationFile } from '../serve.js';

/** What every command that looks at the store takes. */
export interface LookOptions {
  readonly authority?: string;
  readonly json?: boolean;
  readonly lang: Language;
}

export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function authorityOption(): Option {
  return new Option('--authority <id>', 'authority, where there are several');
}

export function jsonOption(): Option {
  return new Option('--json', 'everything, as JSON for programs');
}

export function languageOption(): Option {
  return new Option('--lang <language>', 'language of the answer (LANG says it otherwise)').choices(['fr', 'en']).default(languageOf(process.env));
}

/** The language of the terminal, as the environment names it: LC_ALL, LC_MESSAGES, LANG. French where it names neither of
 * the two, as it is the language of the towns. */
function languageOf({ LC_ALL = '', LC_MESSAGES = '', LANG = '' }: Readonly<Record<string, string | undefined>>): Language {
  return /^en/i.test([LC_ALL, LC_MESSAGES, LANG].find((name) => name !== '') ?? '') ? 'en' : 'fr';
}

/** A whole number from 1 on, out of an option. */
export function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new RelaisError('RELAIS_COMMAND_USAGE', `${option}: found ${text}, expected a number from 1 on`);
  return count;
}

/** The one that was named, or the only one there is. */
export function chosenAuthority({ authority }: { readonly authority?: string }): string {
  if (authority !== undefined) return authority;
  const file = configurationFile(process.env);
  if (!fs.existsSync(file)) throw new RelaisError('RELAIS_COMMAND_USAGE', `RELAIS_CONFIG: found ${file}, which is not there, expected the configuration file, or --authority`);
  const ids = authorityIds(file);
  if (ids.length > 1) throw new RelaisError('RELAIS_COMMAND_USAGE', `found several authorities, expected --authority with one of ${ids.join(', ')}`);
  return ids[0] ?? 'default';
}

/** Only asked where nothing was found: items of an authority that was taken out of the configuration can still be seen. */
export function requireAuthority(id: string): void {
  const ids = authorityIds(configurationFile(process.env));
  if (ids.length > 0 && !ids.includes(id)) throw new RelaisError('RELAIS_COMMAND_USAGE', `--authority: found ${id}, expected one of ${ids.join(', ')}`);
}

/** Opens the store for looking, beside a running gateway. */
export async function withStore<Found>(look: (store: StoreReader) => Promise<Found>): Promise<Found> {
  const store = await openStoreReader(await storeSettings());
  try { return await look(store); } finally { await store.close(); }
}

/** Opens the store for changing something, beside a running gateway, which notices within some seconds. */
export async function withStoreBeside(change: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStoreBeside(await storeSettings());
  try { await change(store); } finally { await store.close(); }
}

/** Of commands that say themselves what there is to say. */
export const QUIET: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined, child: () => QUIET };

/** A file of the data folder is found without the configuration, so that it may have mistakes; the address of a server is
 * a secret of it. */
export async function storeSettings(): Promise<StoreSettings> {
  const file = configurationFile(process.env);
  const engine: StoreEngine = isOnServer(file) ? storeEngineOf((await loadInstallation(file, process.env)).configuration) : { kind: 'sqlite', folder: dataFolderOf(process.env) };
  return { engine, clock: systemClock, logger: QUIET };
}

function isOnServer(file: string): boolean {
  return valueAt(mainFileValue(file), ['server', 'store', 'engine']) === 'postgres';
}
