import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { askConnectors, misfitsOf } from '../compose/ask-connectors.js';
import { loadInstallation, type LoadedInstallation } from '../compose/load-installation.js';
import { diffConfigurations } from '../config/diff.js';
import { formatProblems } from '../config/problem.js';
import type { Authority } from '../domain/authority.js';
import { RelaisError } from '../errors.js';
import { configurationFile } from '../serve.js';
import { authorityOption, chosenAuthority, jsonOption, print, withStore } from './command-environment.js';
import { describeExplanation } from './describe-explanation.js';
import { explainItem, type ItemToExplain } from './explain-item.js';
import { configuredAuthority, installation, withMeetings } from './installation.js';
import { requireStory } from './item-commands.js';
import { itemOfJson } from './item-of-json.js';
import { itemOfSoapRequest } from './item-of-soap-request.js';

interface ExplainOptions {
  readonly authority?: string;
  readonly json?: boolean;
  readonly as?: string;
}

/** `relais config …`: look at the configuration before it takes effect. */
export function addConfigCommands(program: Command): void {
  const config = program.command('config').description('look at the configuration');

  config.command('check').description('report every mistake as file:line:column, without starting anything')
    .argument('[file]', 'configuration file', configurationFile(process.env))
    .option('--connectors', 'also ask each connector whether it can work, and whether it takes the values that are mapped to it; nothing is handed over')
    .option('--live', 'the same as --connectors')
    .action(async (file: string, options: { readonly connectors?: boolean; readonly live?: boolean }) => {
      const found = await loadInstallation(path.resolve(file), process.env);
      if (options.connectors === true || options.live === true) await requireConnectors(found);
      const { authorities, warnings } = found.configuration;
      if (warnings.length > 0) process.stderr.write(`${formatProblems(warnings)}\n`);
      print(`${file} is right${warnings.length === 0 ? '' : `, with ${warnings.length} warning${warnings.length === 1 ? '' : 's'}`}. Authorities: ${authorities.map(({ authority }) => authority.id).join(', ')}`);
    });

  config.command('explain').description('which flow an item takes and why, and what each step would hand over; nothing is sent')
    .argument('<item>', 'the UID of an item, a file with an item as JSON, or one with a createItem request')
    .addOption(authorityOption()).addOption(jsonOption())
    .option('--as <account>', 'the account that sends the request')
    .addHelpText('after', '\nItems that came before the configuration was changed follow the flow as it was then; this shows it as it is now.\nA file with an item needs no more than what matters, such as\n  {"meetingConfig": "college", "source": "ged", "title": "Voirie"}')
    .action(async (about: string, options: ExplainOptions) => {
      const found = await installation();
      const configured = configuredAuthority(found, chosenAuthority(options));
      const authority = withMeetings(configured, Date.now());
      const explanation = await explainItem(await itemToExplain(about, authority, options), authority, found);
      print(options.json === true ? JSON.stringify(explanation, null, 2) : describeExplanation(explanation).join('\n'));
    });

  config.command('diff').description('what would change if the configuration were replaced by another one')
    .argument('<file>', 'the other configuration file')
    .addOption(jsonOption())
    .action(async (file: string, options: { readonly json?: boolean }) => {
      const before = await installation();
      const after = await loadInstallation(path.resolve(file), process.env);
      const lines = diffConfigurations(before.configuration, after.configuration);
      if (options.json === true) print(JSON.stringify(lines, null, 2));
      else print(lines.length === 0 ? 'Nothing would change.' : lines.map(({ text }) => text).join('\n'));
    });
}

async function itemToExplain(about: string, authority: Authority, options: ExplainOptions): Promise<ItemToExplain> {
  if (fs.existsSync(about)) {
    const isXml = startOf(about).trimStart().startsWith('<');
    return { item: isXml ? await requestedItem(about, authority, options) : itemOfJson(about, fs.readFileSync(about, 'utf8'), authority, Date.now()), results: {} };
  }
  if (!/^[0-9a-f]{32}$/.test(about)) throw new RelaisError('RELAIS_COMMAND_USAGE', `found ${about}, expected the UID of an item, or a file that is there`);
  const { item, deliveries } = await withStore((store) => requireStory(store, authority.id, about));
  const ended = deliveries.filter(({ remoteReference, state }) => remoteReference !== null || state === 'done' || state === 'rejected');
  return { item, results: Object.fromEntries(ended.map(({ step, remoteReference, state, reason, results }) => [step, { reference: remoteReference, state, reason, fields: results ?? {} }])) };
}

async function requestedItem(file: string, authority: Authority, { as: account }: ExplainOptions): Promise<ItemToExplain['item']> {
  if (account === undefined || !authority.users.has(account)) {
    throw new RelaisError('RELAIS_COMMAND_USAGE', `--as: found ${account ?? 'nothing'}, expected the account that sends the request, one of ${[...authority.users.keys()].join(', ')}`);
  }
  const { item, warnings } = await itemOfSoapRequest(file, authority, account);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  return item;
}

/** Enough of a file to tell XML from JSON, whatever comes before the first tag. */
function startOf(file: string): string {
  const start = Buffer.alloc(256);
  const handle = fs.openSync(file, 'r');
  try {
    return start.toString('utf8', 0, fs.readSync(handle, start, 0, start.length, 0)).replace(/^\uFEFF/, '');
  } finally {
    fs.closeSync(handle);
  }
}

async function requireConnectors(found: LoadedInstallation): Promise<void> {
  const asked = await askConnectors(found, found.configuration.authorities.map(({ authority }) => authority));
  const unusable = asked.flatMap(({ authority, connector, problem }) => (problem === null ? [] : [`${authority}, connector ${connector}: ${problem}`]));
  const misfits = misfitsOf(found, asked);
  const lines = [...unusable, ...misfits.length === 0 ? [] : [formatProblems(misfits)]];
  if (lines.length > 0) throw new RelaisError('RELAIS_CONFIG_CONNECTOR', lines.join('\n'));
}
