import type { Command } from 'commander';
import { lookOverThere } from '../compose/use-beside.js';
import type { PersonalLink } from '../connector-api/connector.js';
import { questionAbout } from '../delivery/ask-about.js';
import { RelaisError } from '../errors.js';
import type { ToldDelivery } from '../history/store.js';
import type { Store } from '../persistence/open-store.js';
import { useBeside } from './collect-command.js';
import { authorityOption, chosenAuthority, jsonOption, languageOption, print, withStoreBeside, type LookOptions } from './command-environment.js';
import { requireStory } from './item-commands.js';
import { requireDeliveries, tellingOf } from './look-at-deliveries.js';
import { operatorWords } from './operator-words.js';

/** How long a connector may take to make the address, milliseconds. */
const LINK_MS = 30_000;

/** `relais deliveries link`: where a person does what a delivery waits for. The address is shown, and kept nowhere. */
export function addLinkCommand(deliveries: Command): void {
  deliveries.command('link').description('the address at which a person does over there what a delivery waits for, such as confirm it with a certificate')
    .argument('<id>', 'as `deliveries list` shows it')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action((id: string, options: LookOptions) => withStoreBeside(async (store) => {
      const link = await linkOf(store, chosenAuthority(options), id);
      if (options.json === true) print(JSON.stringify(link));
      else print(link === null ? operatorWords(options.lang).noLink : operatorWords(options.lang).link(link.url, tellingOf(options).date(link.validUntil)));
    }));
}

async function linkOf(store: Store, authority: string, id: string): Promise<PersonalLink | null> {
  const [asked] = await requireDeliveries(store.operations, authority, [id]);
  if (asked?.state !== 'sent') throw new RelaisError('RELAIS_DELIVERY_STATE', `${id} is in state ${asked?.state ?? 'unknown'}, expected one that was sent and whose answer is awaited`);
  const { item, deliveries } = await requireStory(store, authority, asked.itemUid);
  const used = await useBeside(store, authority, asked.connector);
  const connector = used.found.connectors.get(used.setting.type);
  const make = connector?.personalLink?.bind(connector);
  if (make === undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', `found a delivery of ${asked.connector}, which makes no such address (type ${used.setting.type})`);
  const { receipt, submission } = questionAbout({ delivery: asked, item, results: resultsBeside(deliveries, asked) });
  return lookOverThere(used, LINK_MS, (context) => make(receipt, submission, used.setting.settings, context)).catch((error: unknown) => {
    throw error instanceof Error ? new RelaisError('RELAIS_CONNECTOR_FAILED', `${asked.connector}: ${used.found.hide(error.message)}`, { cause: error }) : error;
  });
}

/** What the other steps of its flow brought back. */
function resultsBeside(deliveries: readonly ToldDelivery[], { flow, step }: Pick<ToldDelivery, 'flow' | 'step'>): Parameters<typeof questionAbout>[0]['results'] {
  const others = deliveries.filter((one) => one.flow === flow && one.step !== step && (one.results ?? null) !== null);
  return Object.fromEntries(others.map(({ step: name, remoteReference, state, reason, results }) => [name, { reference: remoteReference, state, reason, fields: results ?? {} }]));
}
