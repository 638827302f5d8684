import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { openRestSimulator, type RestSimulator } from '../connectors/plonemeeting-rest/simulator.js';

/** A meeting config before a simulated PloneMeeting, in one run:
 *   1. getItemInfos of items that nobody read before, beside the same REST calls made directly, one at a time and in turn;
 *   2. getItemInfos from a fresh copy: answers a second, and by the processor time of the gateway alone;
 *   3. what 200 calls hold while PloneMeeting takes 30 s, and how long calls of a config that is decided on here take meanwhile.
 *     npm run bench:facade [-- --reads 300 --fresh 6000 --slow 200] */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const READS = option('reads', 300);
const FRESH = option('fresh', 6000);
const SLOW = option('slow', 200);
const WARM_UP = 200;
const SLOW_MS = 30_000;
const LOCAL = 400;
const IN_FLIGHT = 16;
const TICKS_A_SECOND = 100;

const root = path.resolve(import.meta.dirname, '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-bench-'));
const agent = new http.Agent({ keepAlive: true });

interface Answer { readonly status: number; readonly text: string }

function send(url: string, options: http.RequestOptions, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }); });
    });
    request.on('error', reject).end(body);
  });
}

/** Between the gateway and PloneMeeting, so that the calls of one read are known. */
async function listenBetween(upstream: string): Promise<{ readonly url: string; readonly calls: http.RequestOptions[]; close(): void }> {
  const calls: http.RequestOptions[] = [];
  const server = http.createServer((request, response) => {
    const call = { method: request.method ?? 'GET', path: request.url ?? '/', headers: { ...request.headers, host: new URL(upstream).host } };
    calls.push(call);
    const passed = http.request(upstream, { ...call, agent }, (answer) => { response.writeHead(answer.statusCode ?? 500, answer.headers); answer.pipe(response); });
    passed.on('error', () => { response.destroy(); });
    request.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close: () => { server.closeAllConnections(); server.close(); } };
}

async function startGateway(upstream: string, { login, password }: Record<string, unknown>): Promise<{ readonly url: string; readonly child: ChildProcess; readonly pid: number }> {
  const spare = net.createServer().listen(0, '127.0.0.1');
  await once(spare, 'listening');
  const { port } = spare.address() as AddressInfo;
  spare.close();
  const child = spawn(process.execPath, ['--max-semi-space-size=8', path.join(root, 'dist/src/cli.js'), 'serve'], {
    cwd: root, stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env, PORT: String(port), RELAIS_CONFIG: path.join(root, 'bench/config/facade.yaml'), RELAIS_DATA: path.join(folder, 'data'),
      UPSTREAM: upstream, UPSTREAM_LOGIN: String(login), UPSTREAM_PASSWORD: String(password),
    },
  });
  const url = `http://127.0.0.1:${port}`;
  while (!await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return { url, child, pid: child.pid ?? 0 };
}

async function soap(url: string, operation: string, children: string): Promise<string> {
  const body = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    + `<w:${operation}Request xmlns:w="http://ws4pm.imio.be">${children}</w:${operation}Request></s:Body></s:Envelope>`;
  const { status, text } = await send(`${url}/ws4pm`, { method: 'POST', auth: 'bench:bench', headers: { 'content-type': 'text/xml; charset=utf-8' } }, body);
  if (status !== 200) throw new Error(`${operation} answered ${status}: ${text.slice(0, 500)}`);
  return text;
}

const infos = async (url: string, uid: string): Promise<void> => {
  const answer = await soap(url, 'getItemInfos', `<UID>${uid}</UID>`);
  if (!answer.includes(`<UID>${uid}</UID>`)) throw new Error(`getItemInfos did not find ${uid}`);
};

async function makeItem(town: RestSimulator, number: number): Promise<string> {
  const { login, password } = town.settings as Readonly<Record<string, string>>;
  const { status, text } = await send(`${town.url}/@item`, { method: 'POST', auth: `${login}:${password}`, headers: { accept: 'application/json', 'content-type': 'application/json' } }, JSON.stringify({
    config_id: 'meeting-config-college', in_name_of: 'dgs', proposingGroup: 'direction-generale', title: `Voirie ${number}`,
    description: '<p>Une demande</p>'.repeat(10), decision: '<p>Le collège décide</p>'.repeat(10),
  }));
  if (status !== 201) throw new Error(`@item answered ${status}: ${text.slice(0, 500)}`);
  return (JSON.parse(text) as { UID: string }).UID;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Processor seconds that a process has used. */
function processorSeconds(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

const town = await openRestSimulator();
const between = await listenBetween(town.url);
const { url, child, pid } = await startGateway(between.url, town.settings);
try {
  const uids: string[] = [];
  for (let n = 0; n < READS + SLOW + WARM_UP; n += 1) uids.push(await makeItem(town, n));
  for (const uid of uids.splice(0, WARM_UP)) await infos(url, uid);

  const through: number[] = [];
  const direct: number[] = [];
  let calls = 0;
  const firstProcessor = processorSeconds(pid);
  for (const uid of uids.slice(0, READS)) {
    between.calls.length = 0;
    through.push(await timed(() => infos(url, uid)));
    const same = [...between.calls];
    calls = same.length;
    direct.push(await timed(async () => { for (const call of same) await send(between.url, call); }));
  }
  console.log(`getItemInfos not read before: ${median(through).toFixed(2)} ms through Relais, ${median(direct).toFixed(2)} ms by the same ${calls} REST calls, ${(median(through) - median(direct)).toFixed(2)} ms more (medians of ${READS}); ${((processorSeconds(pid) - firstProcessor) * 1000 / READS).toFixed(2)} ms of processor time of the gateway each`);

  const read = uids.slice(0, READS);
  for (let n = 0; n < 2000; n += 1) await infos(url, read[n % READS] ?? '');
  const processorBefore = processorSeconds(pid);
  let left = FRESH;
  const seconds = await timed(() => Promise.all(Array.from({ length: IN_FLIGHT }, async () => { while (left-- > 0) await infos(url, read[left % READS] ?? ''); }))) / 1000;
  const processor = processorSeconds(pid) - processorBefore;
  console.log(`getItemInfos from a fresh copy: ${Math.round(FRESH / seconds)}/s with the caller on the same machine, ${Math.round(FRESH / processor)} by a second of processor time of the gateway`);

  const created = await soap(url, 'createItem', '<meetingConfigId>bench</meetingConfigId><proposingGroupId>bench</proposingGroupId><creationData><title>Ici</title></creationData>');
  const local = /<UID>([^<]+)/.exec(created)?.[1] ?? '';
  const locals = async (): Promise<number[]> => { const times: number[] = []; for (let n = 0; n < LOCAL; n += 1) times.push(await timed(() => infos(url, local))); return times; };
  await locals();
  const quiet = await locals();
  const before = residentMiB(pid);
  town.slowDown(SLOW_MS);
  const slow = uids.slice(READS, READS + SLOW).map((uid) => infos(url, uid).then(() => 'answered', () => 'ended'));
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
  const busy = await locals();
  const held = residentMiB(pid) - before;
  console.log(`${SLOW} calls that wait for a PloneMeeting of ${SLOW_MS / 1000} s: ${held.toFixed(0)} MiB more resident; a call of a config decided on here ${median(busy).toFixed(2)} ms meanwhile, ${median(quiet).toFixed(2)} ms before`);
  child.kill('SIGKILL');
  await Promise.all(slow);
} finally {
  child.kill('SIGKILL');
  between.close();
  await town.close();
  agent.destroy();
  fs.rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
