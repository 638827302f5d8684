import type { Command } from 'commander';
import { lookOverThere } from '../compose/use-beside.js';
import { expectedOneOf } from '../config/closest-word.js';
import { RelaisError } from '../errors.js';
import { connectorsBehind } from '../facade/backed-configs.js';
import { connectorConfigs } from '../facade/lay-over.js';
import type { KnownLink } from '../facade/store.js';
import type { Store } from '../persistence/open-store.js';
import { useBeside } from './collect-command.js';
import { authorityOption, chosenAuthority, jsonOption, languageOption, print, withStoreBeside, type LookOptions } from './command-environment.js';
import { importWords } from './import-words.js';
import { linksOfFile } from './links-of-file.js';
import { operatorName } from './operator.js';
import { readTextFile } from './table-file.js';
import { verifyLinks, type VerifiedLinks } from './verify-links.js';
import { addWsclientCommand } from './wsclient-command.js';

/** Ten thousand links, asked one by one of a slow server, milliseconds. */
const VERIFY_MS = 2 * 60 * 60_000;

/** Mistakes that are shown. */
const SHOWN = 50;

interface LinksOptions extends LookOptions {
  readonly connector: string;
  readonly dryRun?: boolean;
  readonly verify?: boolean;
  readonly skipWrong?: boolean;
}

/** `relais import …`: what was there before Relais. */
export function addImportCommands(program: Command): void {
  const imports = program.command('import').description('what was there before Relais: links of callers, settings of their clients');
  imports.command('links').description('external identifiers of callers and the items that they stand for behind a connector; all of the file or nothing')
    .argument('<file>', 'CSV with the columns externalIdentifier, meetingConfig and uid (which may be empty), or JSON')
    .requiredOption('--connector <id>', 'the connector to the system that has the items')
    .option('--dry-run', 'look at the file, and change nothing')
    .option('--verify', 'ask over there about each; uids that are missing are filled in, what is not there is left out')
    .option('--skip-wrong', 'import the rest where something is wrong')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action((file: string, options: LinksOptions) => withStoreBeside((store) => importLinks(store, file, options)));
  addWsclientCommand(imports);
}

async function importLinks(store: Store, file: string, options: LinksOptions): Promise<void> {
  const used = await useBeside(store, chosenAuthority(options), options.connector);
  const { authority, setting: { id: connector } } = used;
  const configIds = connectorConfigs(authority, connector);
  if (configIds.length === 0) throw new RelaisError('RELAIS_COMMAND_USAGE', `--connector: found ${connector}, which stands behind no meeting config, ${expectedOneOf(connector, connectorsBehind(authority))}`);
  const read = linksOfFile(await readTextFile(file), { connector, configIds });
  const skipped = read.mistakes.map((mistake) => `${file}: ${mistake}`);
  if (skipped.length > 0 && options.skipWrong !== true) throw new RelaisError('RELAIS_COMMAND_USAGE', `nothing was imported:\n${shown(skipped).join('\n')}`);
  const written = read.links.map(({ link }) => link);
  const verified = options.verify === true ? await verifiedBeside(used, written) : null;
  const links = verified?.links ?? written;
  const done = options.dryRun === true ? null : await store.links.importLinks(authority.id, links, operatorName());
  if (options.json === true) print(JSON.stringify({ links: links.length, imported: done, skipped, verified: verified === null ? null : { filledIn: verified.filledIn, missing: verified.missing, otherUid: verified.otherUid } }, null, 2));
  else print(report(options, { links, skipped, verified, done }).join('\n'));
}

async function verifiedBeside(used: Awaited<ReturnType<typeof useBeside>>, links: readonly KnownLink[]): Promise<VerifiedLinks> {
  const { found, setting } = used;
  const deliberation = found.connectors.get(setting.type)?.deliberation;
  if (deliberation === undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', `--verify: found ${setting.id}, of type ${setting.type}, expected a connector that can be asked about items`);
  return lookOverThere(used, VERIFY_MS, (context) => verifyLinks(links, deliberation, setting.settings, context)).catch((error: unknown) => {
    throw error instanceof Error ? new RelaisError('RELAIS_CONNECTOR_FAILED', `${setting.id}: ${found.hide(error.message)}`, { cause: error }) : error;
  });
}

interface Imported {
  readonly links: readonly KnownLink[];
  readonly skipped: readonly string[];
  readonly verified: VerifiedLinks | null;
  readonly done: { readonly added: number; readonly known: number } | null;
}

function report({ lang }: LinksOptions, { links, skipped, verified, done }: Imported): readonly string[] {
  const words = importWords(lang);
  return [
    ...skipped.length === 0 ? [] : [words.skipped(skipped.length), ...shown(skipped)],
    ...(verified?.missing ?? []).map(({ externalIdentifier, configId }) => words.missing(externalIdentifier, configId)),
    ...(verified?.otherUid ?? []).map(({ externalIdentifier, configId, upstream }) => words.otherUid(externalIdentifier, configId, upstream ?? '')),
    ...verified === null || verified.filledIn === 0 ? [] : [words.filledIn(verified.filledIn)],
    done === null ? words.would(links.length) : words.added(done.added, done.known),
  ];
}

function shown(mistakes: readonly string[]): readonly string[] {
  return mistakes.length <= SHOWN ? mistakes : [...mistakes.slice(0, SHOWN), `… (${mistakes.length - SHOWN})`];
}
