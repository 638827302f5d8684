import { Option, type Command } from 'commander';
import { RelaisError } from '../errors.js';
import { storeCopy } from '../persistence/copy-store.js';
import { storeMigrate } from '../persistence/migrate-store.js';
import type { StoreEngine } from '../persistence/open-store.js';
import { systemClock } from '../platform/clock.js';
import { jsonOption, print, QUIET, storeSettings } from './command-environment.js';

interface CopyOptions { readonly blobs: 'folder' | 'database'; readonly json?: boolean }

/** Connections of a copy. */
const POOL_SIZE = 4;
const REFERENCE = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** `relais store …`: the tables themselves. */
export function addStoreCommands(program: Command): void {
  const store = program.command('store').description('where everything is kept');
  store.command('migrate').description('bring the tables up to date without starting; the gateway does the same when it starts').addOption(jsonOption())
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const done = await storeMigrate(await storeSettings());
      print(json ? JSON.stringify({ migrations: done }) : done.length === 0 ? 'The tables are up to date.' : `Brought up to date: ${done.join(', ')}`);
    });
  store.command('copy').description('copy a SQLite store to an empty PostgreSQL database, and verify the copy')
    .argument('<from>', 'sqlite:<data folder>').argument('<to>', 'postgres, whose address is RELAIS_POSTGRES_URL, or postgres:${env:NAME}')
    .addOption(new Option('--blobs <place>', 'where the bytes of annexes will be; a folder is verified, not copied').choices(['folder', 'database']).default('folder'))
    .addOption(jsonOption())
    .addHelpText('after', '\nStop the gateway first. The source is not changed. Then set server.store in the configuration and start.')
    .action(copy);
}

async function copy(from: string, to: string, { blobs, json = false }: CopyOptions): Promise<void> {
  const around = { clock: systemClock, logger: QUIET };
  const copied = await storeCopy({ ...around, engine: sourceOf(from) }, { ...around, engine: targetOf(to) }, {
    blobs, onProgress: (part) => { if (!json) print(`… ${part}`); },
  });
  if (json) print(JSON.stringify(copied));
  else {
    print(Object.entries(copied.rows).map(([table, count]) => `${table}: ${count} rows`).join('\n'));
    for (const { authority, entries, lastHash } of copied.journals) print(`journal of ${authority}: ${entries} entries, last hash ${lastHash}`);
    print(`annexes: ${copied.blobs.count}, ${copied.blobs.bytes} bytes`);
  }
  const { missing } = copied.blobs;
  if (missing.length > 0) throw new RelaisError('RELAIS_STORE_COPY', `the copy was made; the bytes of ${missing.length} annexes were not found or were altered: ${missing.slice(0, 5).join(', ')}`);
}

function sourceOf(from: string): StoreEngine {
  if (!from.startsWith('sqlite:')) throw new RelaisError('RELAIS_COMMAND_USAGE', `<from>: found ${from}, expected sqlite:<data folder>`);
  return { kind: 'sqlite', folder: from.slice('sqlite:'.length) };
}

/** The address holds a password, which arguments would show to everybody on the machine: what was given is never repeated. */
function targetOf(to: string): StoreEngine {
  const rest = to === 'postgres' ? '' : /^postgres:(.*)$/.exec(to)?.[1];
  const name = rest === '' ? 'RELAIS_POSTGRES_URL' : REFERENCE.exec(rest ?? '')?.[1];
  if (name === undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', '<to>: found something else, expected postgres or postgres:${env:NAME}: an address with a password would be seen in the list of processes');
  const url = process.env[name] ?? '';
  if (!/^postgres(?:ql)?:\/\//.test(url)) throw new RelaisError('RELAIS_COMMAND_USAGE', `environment variable ${name}: found no address, expected postgres://user:password@host:port/database`);
  return { kind: 'postgres', url, poolSize: POOL_SIZE };
}
