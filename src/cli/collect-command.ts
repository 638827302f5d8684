import type { Command } from 'commander';
import { collectNow, type UsedBeside } from '../compose/use-beside.js';
import { expectedOneOf } from '../config/closest-word.js';
import { RelaisError } from '../errors.js';
import type { Store } from '../persistence/open-store.js';
import { blobsBeside } from './blobs-beside.js';
import { authorityOption, chosenAuthority, jsonOption, languageOption, print, QUIET, withStoreBeside, type LookOptions } from './command-environment.js';
import { configuredAuthority, installation } from './installation.js';
import { operatorWords } from './operator-words.js';

/** `relais connectors collect`: fetches now what waits on the other side unasked. */
export function addCollectCommand(connectors: Command): void {
  connectors.command('collect').description('fetch now what waits on the other side unasked, such as letters; exit code 1 if something could not be fetched')
    .argument('<id>')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action((id: string, options: LookOptions) => withStoreBeside((store) => collect(store, id, options)));
}

async function collect(store: Store, id: string, options: LookOptions): Promise<void> {
  const used = await useBeside(store, chosenAuthority(options), id);
  await requireNotHeld(store, used);
  const collected = await collectNow(used, store);
  if (collected === null) throw new RelaisError('RELAIS_COMMAND_USAGE', `found ${id}, which collects nothing; expected a connector with the key collect`);
  const words = operatorWords(options.lang);
  const { found, stopped } = collected;
  if (options.json === true) print(JSON.stringify({ found, stopped }, null, 2));
  else print(found.length === 0 && stopped === null ? words.nothingToCollect(id) : found.map((one) => words.collected(one)).join('\n'));
  const failed = found.filter(({ became }) => became === 'failed').length;
  if (stopped !== null) throw new RelaisError('RELAIS_CONNECTOR_FAILED', `${id}: ${stopped}`);
  if (failed > 0) throw new RelaisError('RELAIS_CONNECTOR_FAILED', `${id}: ${failed} of ${found.length} could not be fetched`);
}

/** A configured connector, for a command that calls it beside a running gateway. Throws RELAIS_COMMAND_USAGE. */
export async function useBeside(store: Pick<Store, 'databaseBlobs'>, authorityId: string, id: string): Promise<UsedBeside> {
  const found = await installation();
  const { authority } = configuredAuthority(found, authorityId);
  const setting = authority.connectors.find((one) => one.id === id);
  if (setting === undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', `found the connector ${id}, ${expectedOneOf(id, authority.connectors.map((one) => one.id))}`);
  return { found, authority, setting, blobs: await blobsBeside(store, authorityId), logger: QUIET };
}

async function requireNotHeld({ operations }: Pick<Store, 'operations'>, { authority, setting }: UsedBeside): Promise<void> {
  const state = (await operations.connectorStates(authority.id)).find(({ connector }) => connector === setting.id);
  if (state?.hold) throw new RelaisError('RELAIS_CONNECTOR_FAILED', `${setting.id} is stopped by ${state.hold.by}: ${state.hold.reason}`);
}
