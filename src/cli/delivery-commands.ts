import type { Command } from 'commander';
import type { DeliveryFilter, DeliverySummary } from '../delivery/operations.js';
import { commandFor, type Telling } from '../history/describe-now.js';
import { describeDelivery } from '../history/describe-story.js';
import { addDeliveryActions } from './delivery-actions.js';
import { addFilterOptions, filterOf, type FilterOptions } from './delivery-filter-options.js';
import { authorityOption, chosenAuthority, countOf, jsonOption, languageOption, print, requireAuthority, withStore, type LookOptions } from './command-environment.js';
import { requireConnectorNamed } from './known-connector.js';
import { addLinkCommand } from './link-command.js';
import { listLines, requireDeliveries, tellingOf } from './look-at-deliveries.js';
import { operatorWords } from './operator-words.js';

type ListOptions = LookOptions & FilterOptions & { readonly limit: string; readonly after?: string };

/** `relais deliveries …`: what leaves, what waits, and what needs a person. */
export function addDeliveryCommands(program: Command): void {
  const deliveries = program.command('deliveries').description('what leaves, what waits, and what needs a person');

  addFilterOptions(deliveries.command('list').description('deliveries, newest first'))
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .option('--limit <number>', 'how many', '20')
    .option('--after <id>', 'those that follow this one, for the next page')
    .action((options: ListOptions) => listDeliveries(options, countOf('--limit', options.limit), filterOf([], options, Date.now())));

  deliveries.command('show').description('one delivery: where it is, why, and what to do')
    .argument('<id>', 'as `deliveries list` shows it')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action((id: string, options: LookOptions) => withStore(async (store) => {
      const [delivery] = await requireDeliveries(store.operations, chosenAuthority(options), [id]);
      if (delivery === undefined) return;
      print(options.json === true ? JSON.stringify(delivery, null, 2) : showLines(delivery, tellingOf(options)).join('\n'));
    }));

  addLinkCommand(deliveries);
  addDeliveryActions(deliveries);
}

async function listDeliveries(options: ListOptions, limit: number, filter: DeliveryFilter): Promise<void> {
  await withStore(async (store) => {
    const authority = chosenAuthority(options);
    const found = await store.operations.list(authority, filter, { limit, ...(options.after === undefined ? {} : { afterId: options.after }) });
    if (found.length === 0) await requireConnectorNamed(store.operations, authority, options);
    if (found.length === 0) requireAuthority(authority);
    if (options.json === true) { print(JSON.stringify(found, null, 2)); return; }
    const words = operatorWords(options.lang);
    const telling = tellingOf(options);
    print(found.length === 0 ? words.noDelivery : found.flatMap((delivery) => listLines(delivery, telling)).join('\n'));
    const more = found.length < limit || options.after !== undefined ? 0 : await store.operations.count(authority, filter) - found.length;
    if (more > 0) print(words.more(more));
  });
}

function showLines(delivery: DeliverySummary, telling: Telling): string[] {
  const { words } = telling;
  const { id, flow, itemTitle, itemUid, fix } = delivery;
  return [
    words.item(itemTitle, itemUid),
    ...describeDelivery(delivery, telling).map((line) => `  ${line}`),
    `  ${words.flow(flow)}, ${id}`,
    ...(fix === null ? [] : [`  ${words.toDo(fix)}`]),
    ...commandFor(delivery).map((command) => `  ${words.command(command)}`),
  ];
}
