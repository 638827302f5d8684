import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Arrival, Behaviour, OtherSide, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { ITEM, MANIFEST } from '../../src/formats/item-files.js';
import { openSftpServer, type SftpServer } from './sftp-server.js';

const USER = 'relais';
const PASSWORD = 'only-for-rehearsals';

/** How long a rehearsal waits for an SFTP server that is silent, milliseconds. */
const PATIENCE = 2000;

/** An SFTP server over a temporary folder. */
export async function openSimulator({ port, say }: SimulatorOptions = {}): Promise<OtherSide> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'relais-sftp-'));
  const server = await openSftpServer({
    root, user: USER, password: PASSWORD,
    ...(port !== undefined && { port }),
    renamed: (to) => say?.(`${to} arrived`),
  });
  const settings = { host: '127.0.0.1', port: server.port, user: USER, password: PASSWORD, hostKey: server.hostKey, timeoutMs: PATIENCE };
  return {
    settings,
    brokenSettings: { ...settings, password: `${PASSWORD}-no-more` },
    secrets: [PASSWORD],
    delivered: () => deliveredTo(root),
    behave: (how) => behave(server, how),
    async close() {
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function behave(server: SftpServer, how: Behaviour): Promise<void> {
  if (how === 'refuses' || how === 'cuts-answer' || how === 'throttles') throw new Error(`an SFTP server cannot behave so: ${how}`);
  if (how === 'down') {
    await server.stop();
    return;
  }
  server.faults.rename = how;
  await server.listen();
}

async function deliveredTo(root: string): Promise<readonly Arrival[]> {
  const names = await readdir(root, { recursive: true });
  const folders = names.filter((name) => path.basename(name) === MANIFEST && !name.startsWith('.')).map((name) => path.dirname(path.join(root, name)));
  const arrivals = await Promise.all(folders.map(async (folder) => ({ at: (await stat(path.join(folder, MANIFEST))).mtimeMs, arrival: await arrivalIn(folder) })));
  return arrivals.toSorted((one, other) => one.at - other.at).map(({ arrival }) => arrival);
}

async function arrivalIn(folder: string): Promise<Arrival> {
  const { uid, title } = JSON.parse(await readFile(path.join(folder, ITEM), 'utf8')) as { uid: string; title: string };
  const { files } = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as { files: { path: string }[] };
  const annexes = files.filter((file) => file.path !== ITEM);
  return { itemUid: uid, title, files: await Promise.all(annexes.map((file) => hashOf(path.join(folder, file.path)))) };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
