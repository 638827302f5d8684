import fs from 'node:fs';
import type { Command } from 'commander';
import { RelaisError } from '../errors.js';
import { describePesReport } from '../formats/pes/describe-pes-report.js';
import { refusalsOf } from '../formats/pes/pes-refusals.js';
import type { PesFinding } from '../formats/pes/pes-report.js';
import { readPes } from '../formats/pes/read-pes.js';
import { validateWithXmllint } from '../formats/pes/validate-schema.js';
import { countOf, jsonOption, languageOption, print, type LookOptions } from './command-environment.js';

interface InspectOptions extends Pick<LookOptions, 'json' | 'lang'> {
  readonly signed?: boolean;
  readonly schema?: string;
  readonly xmllint: string;
  readonly timeout: string;
}

/** `relais pes …`: files for the treasury, without any platform. */
export function addPesCommands(program: Command): void {
  const pes = program.command('pes').description('files for the treasury (PES V2)');
  pes.command('inspect').description('what a PES file holds, and what would have it refused; exit code 1 if anything would')
    .argument('<file>', 'the file; it is only read')
    .addOption(jsonOption()).addOption(languageOption())
    .option('--signed', 'each slip must be signed')
    .option('--schema <file>', 'compare it with this schema too (PES_Aller.xsd, beside the schemas that it names)')
    .option('--xmllint <program>', 'the program that does so', 'xmllint')
    .option('--timeout <seconds>', 'how long it may take', '120')
    .action(inspect);
}

async function inspect(file: string, { json, lang, signed, schema, xmllint, timeout }: InspectOptions): Promise<void> {
  requireFile('<file>', file);
  if (schema !== undefined) requireFile('--schema', schema);
  const timeoutMs = countOf('--timeout', timeout) * 1000;
  const read = await readPes(fs.createReadStream(file), { dematerialised: signed === true });
  const compared: readonly PesFinding[] = schema === undefined ? [] : await validateWithXmllint(fs.createReadStream(file), { schema, xmllint, timeoutMs });
  const report = { ...read, findings: [...read.findings, ...compared] };
  print(json === true ? JSON.stringify(report, null, 2) : describePesReport(report, lang).join('\n'));
  const refusals = refusalsOf(report);
  if (refusals.length > 0) {
    throw new RelaisError('RELAIS_PES_REFUSED', lang === 'fr' ? `ce fichier serait refusé (${refusals.length} ${refusals.length === 1 ? 'motif' : 'motifs'})` : `this file would be refused (${refusals.length} ${refusals.length === 1 ? 'reason' : 'reasons'})`);
  }
}

function requireFile(option: string, file: string): void {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true) throw new RelaisError('RELAIS_COMMAND_USAGE', `${option}: found ${file}, which is ${found === undefined ? 'not there' : 'no file'}, expected a file`);
}
