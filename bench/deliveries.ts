import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freshDatabase } from '../test/support/embedded-postgres.js';

/** Deliveries from end to end, in one run:
 *   1. SQLite, one process: deliveries a second to a receiver on this machine while createItem is being fed;
 *   2. PostgreSQL: how much faster two workers empty the queue than one, to a receiver that takes 20 ms.
 *     npm run bench:deliveries [-- --fed 6000 --pace 360 --queued 2000] */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const FED = option('fed', 6000);
/** Items offered a second. */
const PACE = option('pace', 360);
const QUEUED = option('queued', 2000);
const WORKER_CONCURRENCY = 4;
const RECEIVER_MS = 20;
const root = path.resolve(import.meta.dirname, '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-bench-'));
const agent = new http.Agent({ keepAlive: true });

let arrived = 0;
let delay = 0;
const receiver = http.createServer((request, response) => {
  request.resume().on('end', () => {
    arrived += 1;
    setTimeout(() => response.setHeader('content-type', 'application/json').end('{"reference":"r"}'), delay);
  });
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const RECEIVER = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

interface Running { readonly url: string; readonly child: ChildProcess; stop(): Promise<void> }

async function start(name: string, role: string, store: string, concurrency: number, environment: Record<string, string> = {}): Promise<Running> {
  const config = path.join(folder, `${name}.yaml`);
  fs.writeFileSync(config, fs.readFileSync(path.join(root, 'bench/config/deliveries.yaml'), 'utf8').replace('${STORE}', store).replace('${CONCURRENCY}', String(concurrency)));
  const spare = net.createServer().listen(0, '127.0.0.1');
  await once(spare, 'listening');
  const { port } = spare.address() as AddressInfo;
  spare.close();
  const child = spawn(process.execPath, ['--max-semi-space-size=8', path.join(root, 'dist/src/cli.js'), 'serve', '--role', role], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment, RECEIVER, PORT: String(port), RELAIS_CONFIG: config, RELAIS_DATA: path.join(folder, 'data') },
  });
  const url = `http://127.0.0.1:${port}`;
  while (!await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return { url, child, stop: async () => { child.kill('SIGTERM'); await once(child, 'exit'); } };
}

function createItem(url: string, title: string): Promise<void> {
  const body = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><w:createItemRequest xmlns:w="http://ws4pm.imio.be">'
    + `<meetingConfigId>bench</meetingConfigId><proposingGroupId>bench</proposingGroupId><creationData><title>${title}</title></creationData></w:createItemRequest></s:Body></s:Envelope>`;
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/ws4pm`, { method: 'POST', agent, auth: 'bench:bench', headers: { 'content-type': 'text/xml; charset=utf-8' } }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`createItem answered ${response.statusCode}`))));
    });
    request.on('error', reject).end(body);
  });
}

/** Offers `count` items, `pace` a second (0: as fast as eight callers can). Resolves with the seconds that it took. */
async function feed(url: string, count: number, pace: number): Promise<number> {
  const began = performance.now();
  let sent = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (sent < count) {
      const n = sent++;
      const due = pace === 0 ? 0 : began + (n * 1000) / pace - performance.now();
      if (due > 0) await new Promise((resolve) => { setTimeout(resolve, due); });
      await createItem(url, `Item ${n}`);
    }
  }));
  return (performance.now() - began) / 1000;
}

async function untilArrived(count: number): Promise<void> {
  while (arrived < count) await new Promise((resolve) => { setTimeout(resolve, 5); });
}

async function onSqlite(): Promise<void> {
  const gateway = await start('sqlite', 'all', '{ engine: sqlite }', 16);
  await feed(gateway.url, 300, 0);
  await untilArrived(300);
  const began = performance.now();
  const seconds = await feed(gateway.url, FED, PACE);
  const whileFed = arrived - 300;
  await untilArrived(FED + 300);
  const all = (performance.now() - began) / 1000;
  await gateway.stop();
  console.log(`SQLite, one process: fed ${Math.round(FED / seconds)} items/s for ${seconds.toFixed(1)} s; ${Math.round(whileFed / seconds)} deliveries/s meanwhile, ${FED - whileFed} waited at the end, ${Math.round(FED / all)}/s over all`);
}

async function drainWith(workers: number): Promise<number> {
  const database = await freshDatabase();
  const environment = { RELAIS_POSTGRES: database.url };
  const store = '{ engine: postgres, url: "${env:RELAIS_POSTGRES}" }';
  const api = await start('api', 'api', store, WORKER_CONCURRENCY, environment);
  await feed(api.url, QUEUED, 0);
  await api.stop();
  arrived = 0;
  const running = await Promise.all(Array.from({ length: workers }, (_, n) => start(`worker-${n}`, 'worker', store, WORKER_CONCURRENCY, environment)));
  // the start of the processes is not what is measured
  const first = Math.max(arrived, QUEUED / 10);
  await untilArrived(first);
  const began = performance.now();
  const from = arrived;
  await untilArrived(QUEUED * 0.9);
  const rate = (arrived - from) / ((performance.now() - began) / 1000);
  await Promise.all(running.map((one) => one.stop()));
  await database.drop();
  return rate;
}

await onSqlite();
delay = RECEIVER_MS;
const one = await drainWith(1);
const two = await drainWith(2);
console.log(`PostgreSQL, receiver of ${RECEIVER_MS} ms, ${WORKER_CONCURRENCY} at once in each worker: one ${one.toFixed(0)}/s, two ${two.toFixed(0)}/s, ratio ${(two / one).toFixed(2)}`);
receiver.closeAllConnections();
receiver.close();
fs.rmSync(folder, { recursive: true, force: true });
process.exit(0);
