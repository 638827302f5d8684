import { Option, type Command } from 'commander';
import type { DeliveryFilter, DeliveryOperations, Finding } from '../delivery/operations.js';
import type { DeliveryState } from '../domain/delivery.js';
import { RelaisError } from '../errors.js';
import { createNewId } from '../platform/new-id.js';
import { authorityOption, chosenAuthority, jsonOption, languageOption, print, withStoreBeside, type LookOptions } from './command-environment.js';
import { addFilterOptions, filterOf, isFiltered, type FilterOptions } from './delivery-filter-options.js';
import { requireConnectorNamed } from './known-connector.js';
import { listLines, requireDeliveries, tellingOf } from './look-at-deliveries.js';
import { operatorName } from './operator.js';
import { operatorWords, type DeliveryAction } from './operator-words.js';

type ActionOptions = LookOptions & FilterOptions & { readonly yes?: boolean; readonly dryRun?: boolean; readonly comment?: string; readonly reference?: string; readonly awaited?: boolean };

interface Action {
  readonly name: DeliveryAction;
  readonly description: string;
  /** In which it changes anything. */
  readonly states: readonly DeliveryState[];
  /** Those that are meant where neither ids nor --state say it. */
  readonly usual: readonly DeliveryState[];
  /** What else must be true of them, for whoever finds that nothing was changed. */
  readonly needs: string;
  /** Asks for --yes even where ids are named. */
  readonly asksAlways: boolean;
  run(operations: DeliveryOperations, authority: string, filter: DeliveryFilter, options: ActionOptions): Promise<number>;
}

const ACTIONS: readonly Action[] = [
  {
    name: 'retry', description: 'start again what stopped, and try at once what waits for its next attempt', states: ['ready', 'parked'], usual: ['ready', 'parked'], asksAlways: false,
    needs: 'with no other step of the flow rejected',
    run: (operations, authority, filter) => operations.retry(authority, filter, operatorName()),
  },
  {
    name: 'ask', description: 'ask the other side now what became of what was sent, in place of waiting for the next question', states: ['sent'], usual: ['sent'], asksAlways: false,
    needs: 'whose question is not due already',
    run: (operations, authority, filter) => operations.ask(authority, filter),
  },
  {
    name: 'cancel', description: 'give up deliveries and the steps behind them; the other side is asked to take back what it has', states: ['waiting', 'ready', 'sent', 'parked'], usual: ['waiting', 'ready', 'sent', 'parked'], asksAlways: false,
    needs: 'not under way',
    run: (operations, authority, filter, { comment = `Cancelled by ${operatorName()}.` }) => operations.cancel(authority, filter, operatorName(), comment),
  },
  {
    name: 'resend', description: 'send again what is over or stopped, although the other side may have it', states: ['done', 'skipped', 'rejected', 'parked', 'cancelled'], asksAlways: true,
    // a step that was left out on purpose, such as a return step, must not be sent by the way
    usual: ['done', 'parked'],
    needs: 'not sent again before, with no other step of the flow rejected, of an item that still has its content',
    run: (operations, authority, filter) => operations.resend(authority, filter, operatorName(), createNewId()),
  },
  {
    name: 'settle', description: 'what stopped because nobody could tell, and was found on the other side, is done; the next steps go on', states: ['parked'], usual: ['parked'], asksAlways: false,
    needs: 'that may have reached the other side',
    run: (operations, authority, filter, options) => operations.settle(authority, filter, operatorName(), findingOf(options)),
  },
];

/** `relais deliveries settle --awaited`. */
const AWAIT: Action = {
  name: 'await', description: 'its answer is still awaited: it is looked for over there under that reference, and asked about', states: ['parked'], usual: ['parked'], asksAlways: false,
  needs: 'not under way again',
  run: (operations, authority, filter, options) => operations.awaitAnswer(authority, filter, operatorName(), findingOf(options)),
};

function findingOf({ reference = '', comment = `Found there by ${operatorName()}.` }: ActionOptions): Finding {
  return { reference, reason: comment };
}

const SAMPLE = 5;

/** `relais deliveries retry`, `ask`, `cancel`, `resend` and `settle`. */
export function addDeliveryActions(deliveries: Command): void {
  for (const action of ACTIONS) {
    const command = deliveries.command(action.name).description(action.description)
      .argument('[ids...]', 'as `deliveries list` shows them; without any, the options say which');
    addFilterOptions(command, action.states)
      .option('--yes', action.asksAlways ? 'do it' : 'do it, where the options say which')
      .addOption(new Option('--dry-run', 'only show which are meant').conflicts('yes'))
      .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption());
    if (action.name === 'cancel' || action.name === 'settle') command.option('--comment <text>', 'why, for the story of the item');
    if (action.name === 'settle') command.requiredOption('--reference <text>', 'what the other side calls it', notEmpty).option('--awaited', AWAIT.description);
    command.action((ids: string[], options: ActionOptions) => {
      if (options.awaited === true) requireOne(ids);
      const filter = filterMeant(action, ids, options);
      return withStoreBeside(({ operations }) => carryOut({ action: options.awaited === true ? AWAIT : action, ids, options, filter, operations, authority: chosenAuthority(options) }));
    });
  }
}

function notEmpty(reference: string): string {
  if (reference.trim() === '') throw new RelaisError('RELAIS_COMMAND_USAGE', '--reference: found nothing, expected what the other side calls it');
  return reference.trim();
}

/** A reference there is that of one. */
function requireOne(ids: readonly string[]): void {
  if (ids.length !== 1) throw new RelaisError('RELAIS_COMMAND_USAGE', `--awaited: found ${ids.length} ids of deliveries, expected the one that has this reference`);
}

interface Order {
  readonly action: Action;
  readonly ids: readonly string[];
  readonly options: ActionOptions;
  readonly filter: DeliveryFilter;
  readonly authority: string;
  readonly operations: DeliveryOperations;
}

async function carryOut(order: Order): Promise<void> {
  const { action, ids, options, filter, authority, operations } = order;
  await requireConnectorNamed(operations, authority, options);
  const matched = await countMeant(order);
  const isSaid = options.yes === true || (ids.length > 0 && !action.asksAlways);
  const acts = isSaid && options.dryRun !== true;
  if (!acts || ids.length === 0) await announce({ ...order, matched, acts });
  if (!acts) return;
  const changed = await action.run(operations, authority, filter, options);
  if (options.json === true) print(JSON.stringify({ matched, changed }));
  else sayDone(action, changed, options);
  if (ids.length > 0 && changed === 0) throw nothingToDo(action, ids);
}

/** Throws RELAIS_COMMAND_USAGE when nothing was said. */
function filterMeant(action: Action, ids: readonly string[], options: ActionOptions): DeliveryFilter {
  if (ids.length === 0 && !isFiltered(options)) throw new RelaisError('RELAIS_COMMAND_USAGE', `found neither ids nor an option that says which deliveries, expected one, such as --state ${action.usual.at(-1) ?? ''}`);
  return filterOf(ids, options, Date.now(), ids.length > 0 ? action.states : action.usual);
}

/** Throws when one of the ids is not there, or when none of them can be changed. */
async function countMeant({ action, ids, filter, authority, operations }: Order): Promise<number> {
  if (ids.length > 0) await requireDeliveries(operations, authority, ids);
  const matched = await operations.count(authority, filter);
  if (ids.length > 0 && matched === 0) throw nothingToDo(action, ids);
  return matched;
}

interface Announcement extends Order {
  readonly matched: number;
  readonly acts: boolean;
}

/** How many are meant, some of them, and what is to be known before. */
async function announce({ action, matched, filter, authority, acts, options, operations }: Announcement): Promise<void> {
  const sample = await operations.list(authority, filter, { limit: SAMPLE });
  if (options.json === true) {
    if (!acts) print(JSON.stringify({ matched, changed: 0, sample }, null, 2));
    return;
  }
  const words = operatorWords(options.lang);
  print(words.actions[action.name].would(matched));
  if (matched === 0) return;
  if (matched > sample.length) print(words.suchAs);
  const telling = tellingOf(options);
  for (const delivery of sample) print(listLines(delivery, telling).map((line) => `  ${line}`).join('\n'));
  if (action.name === 'resend') print(words.twice);
  if (!acts) print(words.sayYes);
}

function sayDone(action: Action, changed: number, { lang }: ActionOptions): void {
  const words = operatorWords(lang);
  print(words.actions[action.name].done(changed));
  if (changed > 0) print(words.noticed);
}

function nothingToDo({ name, states, needs }: Action, ids: readonly string[]): RelaisError {
  return new RelaisError('RELAIS_DELIVERY_STATE', `nothing to ${name} among ${ids.join(', ')}: expected deliveries in state ${states.join(', ')} that meet the options, ${needs}`);
}
