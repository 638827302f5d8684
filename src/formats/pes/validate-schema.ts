import { spawn, type ChildProcess } from 'node:child_process';
import { pipeline, type Readable } from 'node:stream';
import type { PesFinding } from './pes-report.js';

export interface SchemaSettings {
  /** The schema of the root (`PES_Aller.xsd`), beside those it names. */
  readonly schema: string;
  /** The program of libxml2: `xmllint`, or where it is. */
  readonly xmllint: string;
  /** Milliseconds; a file of 128 MiB takes some seconds. */
  readonly timeoutMs: number;
}

/** Of what the program says, so much is looked at, and so many findings are made of it. */
const SAID_BYTES = 262_144;
const LISTED = 200;

/** What the program calls what it is given. */
const GIVEN = '-';

/** Validates a file by a schema set, with a program outside: warnings, since the platform looks at no schema, and a set may be older or
 * newer than the file (contracts/pes-actes-formats.md §A6 9). Never throws for the file; a program that is missing, late or at a loss is
 * one warning that says so. Throws what the content throws. */
export async function validateWithXmllint(content: Readable, settings: SchemaSettings): Promise<readonly PesFinding[]> {
  const ran = await run(content, settings);
  if (typeof ran === 'string') return [notLooked(ran)];
  const found = ran.said.split('\n').map(findingOf).filter((finding) => finding !== undefined);
  if (found.length > 0) return found.slice(0, LISTED);
  if (ran.code === 0) return [];
  return [notLooked(`xmllint ended with code ${ran.code ?? 'none'}: ${ran.said.trim().replaceAll(/\s+/g, ' ').slice(0, 300)}`)];
}

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

/** What came of it, or why nothing did. */
function run(content: Readable, { schema, xmllint, timeoutMs }: SchemaSettings): Promise<Ran | string> {
  return new Promise((resolve, reject) => {
    const child = spawn(xmllint, ['--nonet', '--huge', '--stream', '--noout', '--schema', schema, GIVEN], { stdio: ['pipe', 'ignore', 'pipe'] });
    const said = collect(child);
    let why: string | undefined;
    const timer = setTimeout(() => {
      why = `it took more than ${timeoutMs / 1000} s`;
      child.kill('SIGKILL');
    }, timeoutMs);
    content.once('error', (error) => {
      child.kill('SIGKILL');
      reject(error);
    });
    // a program that has read enough closes its end
    pipeline(content, child.stdin, () => undefined);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(error.code === 'ENOENT' ? `the program «${xmllint}» is not there; install it (package libxml2-utils), or say where it is` : `the program could not be started (${error.code ?? error.message})`);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(why ?? { code, said: said() });
    });
  });
}

/** The beginning of what it says; the rest is let go, so that it never waits for a reader. */
function collect({ stderr }: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stderr?.on('data', (chunk: Buffer) => {
    if (bytes < SAID_BYTES) chunks.push(chunk);
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).subarray(0, SAID_BYTES).toString('utf8');
}

/** `-:12: Schemas validity error : Element 'IdBord', attribute 'V': …`; what it says of the schema is passed over. */
function findingOf(line: string): PesFinding | undefined {
  const match = /^-:(\d+): [A-Za-z ]*error : (.+)$/.exec(line);
  if (match === null) return undefined;
  const [, number, message = ''] = match;
  return { severity: 'warning', rule: 'A6.9', place: placeOf(message), line: Number(number), message: `schema: ${message.trim()}`, messageFr: `schéma : ${message.trim()}` };
}

function placeOf(message: string): string {
  const match = /^Element '(?:\{[^}]*\})?([^']+)'(?:, attribute '([^']+)')?/.exec(message);
  if (match === null) return '/';
  return `//${match[1] ?? ''}${match[2] === undefined ? '' : `/@${match[2]}`}`;
}

function notLooked(why: string): PesFinding {
  return { severity: 'warning', rule: 'A6.9', place: '/', line: 0, message: `the file was not compared with the schema: ${why}`, messageFr: `le fichier n'a pas été comparé au schéma : ${why}` };
}
