import { Option, type Command } from 'commander';
import { duration } from '../config/values.js';
import type { DeliveryFilter } from '../delivery/operations.js';
import type { DeliveryState } from '../domain/delivery.js';
import { RelaisError } from '../errors.js';

/** Which deliveries are meant, as the options say it. */
export interface FilterOptions {
  readonly state?: readonly DeliveryState[];
  readonly connector?: string;
  readonly flow?: string;
  readonly step?: string;
  readonly item?: string;
  readonly older?: string;
  readonly reason?: string;
}

/** In the order of a delivery's life. */
export const DELIVERY_STATES: readonly DeliveryState[] = ['waiting', 'ready', 'sending', 'sent', 'done', 'skipped', 'rejected', 'parked', 'cancelled'];

/** The options with which an operator says which deliveries he means. */
export function addFilterOptions(command: Command, states: readonly DeliveryState[] = DELIVERY_STATES): Command {
  return command
    .addOption(new Option('--state <state...>', 'in one of these states').choices(states))
    .option('--connector <id>', 'of this connector')
    .option('--flow <id>', 'of this flow')
    .option('--step <id>', 'of this step')
    .option('--item <uid>', 'of this item')
    .option('--older <duration>', 'in its state for longer than 30min, 2h, 3d')
    .option('--reason <text>', 'whose reason contains this text');
}

/** `states`: those that are meant where the options name none. Throws RELAIS_COMMAND_USAGE. */
export function filterOf(ids: readonly string[], options: FilterOptions, now: number, states?: readonly DeliveryState[]): DeliveryFilter {
  const { connector, flow, step, item, older, reason } = options;
  const state = options.state ?? states;
  return {
    ...(ids.length === 0 ? {} : { ids }),
    ...(state === undefined ? {} : { state }),
    ...(connector === undefined ? {} : { connector }),
    ...(flow === undefined ? {} : { flow }),
    ...(step === undefined ? {} : { step }),
    ...(item === undefined ? {} : { itemUid: item }),
    ...(older === undefined ? {} : { since: now - durationOf('--older', older) }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Whether the options narrow anything down. */
export function isFiltered({ state, connector, flow, step, item, older, reason }: FilterOptions): boolean {
  return [state, connector, flow, step, item, older, reason].some((given) => given !== undefined);
}

/** `2h` in milliseconds. */
function durationOf(option: string, text: string): number {
  const read = duration().safeParse(text);
  if (!read.success) throw new RelaisError('RELAIS_COMMAND_USAGE', `${option}: found ${text}, expected a duration such as 30min, 2h or 3d`);
  return read.data;
}
