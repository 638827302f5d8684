import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { refusalsOf } from '../src/formats/pes/pes-refusals.js';
import { readPes } from '../src/formats/pes/read-pes.js';
import { pesFileStream, type PesFileOptions } from '../test/support/pes-file.js';

/** Reading PES files beside `xmllint --stream --schema`, in turns, the best of each counting: MB/s, their ratio, and by how much the
 * resident memory of the reader grew at most. Files of 100 MB: one of slips alone, one of attachments. The start of either program does
 * not count.
 *     npm run bench:pes -- --schema …/PES_V2/Rev0/PES_Aller.xsd [--xmllint xmllint] [--rounds 3] [--bytes 100000000]
 * RELAIS_PES_SCHEMA and RELAIS_XMLLINT say the same. Ends with 1 where the ratio is below 1, or the growth 64 MiB or more. */
const option = (name: string, fallback: string): string => process.argv[process.argv.indexOf(`--${name}`) + 1 || Infinity] ?? fallback;
const schema = option('schema', process.env.RELAIS_PES_SCHEMA ?? '');
const xmllint = option('xmllint', process.env.RELAIS_XMLLINT ?? 'xmllint');
const ROUNDS = Number(option('rounds', '3'));
const BYTES = Number(option('bytes', '100000000'));
const ROOM = 64 * 1024 * 1024;
const ATTACHMENT = 1_000_000;

interface Measured { readonly ms: number; readonly growth: number; readonly refusals: number }

/** Reads in a process of its own, so that nothing of what came before is in its memory. */
async function readHere(small: string, file: string): Promise<Measured> {
  for (let count = 0; count < 20; count += 1) await readPes(fs.createReadStream(small));
  const before = process.memoryUsage.rss();
  let highest = before;
  const timer = setInterval(() => { highest = Math.max(highest, process.memoryUsage.rss()); }, 5);
  const start = performance.now();
  const report = await readPes(fs.createReadStream(file));
  const ms = performance.now() - start;
  clearInterval(timer);
  return { ms, growth: Math.max(highest, process.memoryUsage.rss()) - before, refusals: refusalsOf(report).length };
}

function read(small: string, file: string): Measured {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--max-semi-space-size=8', '--import', 'tsx', import.meta.filename, '--read', small, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`reading failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

/** Milliseconds; undefined where the program is missing. */
function lint(file: string): number | undefined {
  const start = performance.now();
  const { status, error, stderr } = spawnSync(xmllint, ['--nonet', '--huge', '--stream', '--noout', '--schema', schema, file], { encoding: 'utf8' });
  if (error !== undefined) return undefined;
  if (status !== 0) throw new Error(`xmllint did not take ${path.basename(file)}: ${stderr}`);
  return performance.now() - start;
}

async function write(file: string, options: Omit<PesFileOptions, 'nomFic'>): Promise<string> {
  await pipeline(Readable.from(pesFileStream({ nomFic: 'BENCH', ...options })), fs.createWriteStream(file));
  return file;
}

function compare(name: string, small: string, file: string): boolean {
  const megabytes = fs.statSync(file).size / 1e6;
  const ours: Measured[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(read(small, file));
    const start = schema === '' ? undefined : lint(small);
    const whole = start === undefined ? undefined : lint(file);
    if (start !== undefined && whole !== undefined) theirs.push(whole - start);
  }
  if (ours.some(({ refusals }) => refusals > 0)) throw new Error(`${name}: the file is not what it should be`);
  const ms = Math.min(...ours.map((each) => each.ms));
  const growth = Math.max(...ours.map((each) => each.growth));
  const ratio = theirs.length === 0 ? undefined : Math.min(...theirs) / ms;
  const compared = ratio === undefined ? '' : `, xmllint ${(megabytes / Math.min(...theirs) * 1000).toFixed(1)} MB/s, ratio ${ratio.toFixed(2)}`;
  console.log(`${name} (${megabytes.toFixed(0)} MB): relais ${(megabytes / ms * 1000).toFixed(1)} MB/s${compared}, resident growth ${(growth / 1024 / 1024).toFixed(1)} MiB`);
  return (ratio ?? 1) >= 1 && growth < ROOM;
}

async function main(): Promise<boolean> {
  if (schema === '') console.log('no --schema: xmllint is not measured');
  else if (spawnSync(xmllint, ['--version']).error !== undefined) console.log(`«${xmllint}» is not there (package libxml2-utils, or --xmllint): it is not measured`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-bench-'));
  try {
    const small = await write(path.join(folder, 'small.xml'), { slips: 5, piecesPerSlip: 20, attachments: 1 });
    const slips = compare('slips', small, await write(path.join(folder, 'slips.xml'), { bytes: BYTES, piecesPerSlip: 20 }));
    const attachments = compare('attachments', small, await write(path.join(folder, 'attachments.xml'), { attachments: Math.ceil(BYTES / (ATTACHMENT * 4 / 3)), attachmentBytes: ATTACHMENT }));
    return slips && attachments;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const at = process.argv.indexOf('--read');
if (at < 0) process.exitCode = await main() ? 0 : 1;
else console.log(JSON.stringify(await readHere(process.argv[at + 1] ?? '', process.argv[at + 2] ?? '')));
