import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { Command, ForeignClient } from './clients.js';

const cache = path.resolve(import.meta.dirname, '../../.tmp/interop');
const BUILD_MS = 120_000;
const RUN_MS = 120_000;

/** What a step observed: strings, booleans and lists of strings. A stack that has no empty string prints null. */
export type Seen = Readonly<Record<string, string | boolean | readonly string[] | null>>;

interface Line {
  readonly step: string;
  readonly ok: boolean;
  readonly seen?: Seen;
  readonly error?: string;
}

export interface Report {
  readonly client: string;
  readonly externalIdentifier: string;
  readonly steps: readonly string[];
  /** Throws with what the program said when the step failed or never came. */
  seen(step: string): Seen;
}

export interface Surroundings {
  readonly url: string;
  readonly account: string;
  readonly password: string;
  /** The file that each client sends as its first annex. */
  readonly annex: string;
  /** Where clients put the files that they received. */
  readonly folder: string;
}

/** Builds the client where needed and runs its scenario against the gateway. Rejects when the program cannot be built or
 * started, or ends badly; what single steps saw is for the caller to judge. */
export async function runClient(client: ForeignClient, surroundings: Surroundings): Promise<Report> {
  const wsdl = await fetch(`${surroundings.url}/ws4pm.wsdl`).then((response) => response.text());
  const endpoint = /<soap:address location="([^"]+)"/.exec(wsdl)?.[1];
  if (endpoint === undefined) throw new Error('the served WSDL has no soap:address');
  // The port differs from run to run; what is generated from the WSDL does not.
  const home = await built(client, wsdl.replaceAll(surroundings.url, 'http://localhost:8080'));
  const run = `${client.name}-${randomBytes(4).toString('hex')}`;
  const out = path.join(surroundings.folder, run);
  fs.mkdirSync(out);
  const { stdout, stderr } = await execute(client.run, home, RUN_MS, {
    RELAIS_WSDL: `${surroundings.url}/ws4pm.wsdl`, RELAIS_ENDPOINT: endpoint, RELAIS_ACCOUNT: surroundings.account,
    RELAIS_PASSWORD: surroundings.password, RELAIS_RUN: run, RELAIS_OUT: out, RELAIS_ANNEX: surroundings.annex,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
  return {
    client: client.name, externalIdentifier: `permis-été-${run}`, steps: lines.map((line) => line.step),
    seen: (step) => seenIn(lines, step, stderr),
  };
}

function seenIn(lines: readonly Line[], step: string, stderr: string): Seen {
  const line = lines.find((found) => found.step === step);
  if (line === undefined) throw new Error(`the program printed no line for ${step}\n${stderr}`);
  if (!line.ok || line.seen === undefined) throw new Error(`${step}: ${line.error ?? 'no reason given'}\n${stderr}`);
  return line.seen;
}

/** The folder of what is generated and compiled for this WSDL and this source. It appears whole or not at all, in place
 * of the one for an earlier WSDL or source. */
async function built(client: ForeignClient, wsdl: string): Promise<string> {
  if (client.build.length === 0) return path.dirname(client.source);
  const hash = createHash('sha256').update(wsdl).update(fs.readFileSync(client.source)).update(JSON.stringify(client.build));
  const home = path.join(cache, `${client.name}-${hash.digest('hex').slice(0, 16)}`);
  if (fs.existsSync(home)) return home;
  fs.mkdirSync(cache, { recursive: true });
  const draft = fs.mkdtempSync(path.join(cache, 'draft-'));
  try {
    fs.writeFileSync(path.join(draft, 'ws4pm.wsdl'), wsdl);
    for (const command of client.build) await execute(command, draft, BUILD_MS);
    for (const earlier of fs.readdirSync(cache).filter((name) => name.startsWith(`${client.name}-`))) fs.rmSync(path.join(cache, earlier), { recursive: true });
    fs.renameSync(draft, home);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
  return home;
}

/** Runs a program to its end; one that ends badly or hangs is an error that carries what it said. */
async function execute(command: Command, folder: string, withinMs: number, environment: Record<string, string> = {}): Promise<{ stdout: string; stderr: string }> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: withinMs,
    // West of Greenwich: a date that a client would shift into its local time becomes visible.
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'America/New_York', NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost', ...environment },
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  let code: unknown;
  try {
    [code] = await once(child, 'close');
  } catch (error) {
    throw new Error(`${program} cannot be started; .ci/interop installs what is missing`, { cause: error });
  }
  const said = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${String(code)}\n${said.stderr}${said.stdout}`);
  return said;
}
