import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { demoTown } from './demo-town.js';
import { program } from './program.js';

const root = path.resolve(import.meta.dirname, '../..');

export interface GatewayProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it wrote on standard output and standard error. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: no time to say goodbye. */
  kill(): Promise<void>;
}

export interface GatewayOptions {
  readonly data: string;
  /** The demonstration without its signature book, if not given. */
  readonly config?: string;
  /** Where the configuration has TLS: the authority of its certificate (PEM). */
  readonly ca?: Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Of several processes on one database. */
  readonly role?: 'api' | 'worker' | 'all';
  /** Run what `npm run build` made, whatever `program` would choose. */
  readonly built?: boolean;
}

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'relais-'));
}

/** A port that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the gateway as a process of its own and waits until it is ready. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const port = await freePort();
  let output = '';
  const child = spawn(process.execPath, [...program(options.built), 'serve', '--role', options.role ?? 'all'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env, PORT: String(port), RELAIS_DATA: options.data,
      RELAIS_CONFIG: options.config ?? demoTown(path.join(options.data, 'config')), ...options.environment,
    },
  });
  const keep = (chunk: Buffer): void => { output += chunk.toString(); };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = once(child, 'exit').then(() => child.exitCode);
  const url = `${options.ca === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  await waitFor(async () => {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}: ${output}`);
    return await isReady(url, options.ca);
  }, 30_000, () => `the gateway is not ready: ${output}`);
  return {
    url, child, output: () => output,
    stop: async () => { child.kill('SIGTERM'); return await exited; },
    kill: async () => { child.kill('SIGKILL'); await exited; },
  };
}

function isReady(url: string, ca: Buffer | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const answered = (response: IncomingMessage): void => { response.resume(); resolve(response.statusCode === 200); };
    const request = ca === undefined ? http.get(`${url}/readyz`, { agent: false }, answered) : https.get(`${url}/readyz`, { agent: false, ca }, answered);
    request.on('error', () => { resolve(false); });
  });
}

/** Waits for a condition by asking again every 20 ms, within a bound. */
export async function waitFor(condition: () => Promise<boolean> | boolean, withinMs: number, message: () => string): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(message());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
