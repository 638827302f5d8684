import { isIPv6 } from 'node:net';
import type { Clock } from './clock.js';
import { RecentMap } from './recent-map.js';

/** Addresses that are remembered; beyond them, those that were seen longest ago start afresh. */
const REMEMBERED = 10_000;

export interface BudgetLimits {
  /** What one address may do at once. */
  readonly burst: number;
  /** Then, one more after each such time, milliseconds. */
  readonly refillMs: number;
}

/** What an address may do before it has to wait. */
export interface AddressBudget {
  /** Milliseconds until it may do one more; 0: now. */
  pauseOf(address: string): number;
  spend(address: string): void;
  /** What it did does not count after all. */
  giveBack(address: string): void;
}

interface Budget {
  readonly left: number;
  readonly at: number;
}

/** A budget for each address, or network of an IPv6 customer. */
export function createAddressBudget({ burst, refillMs }: BudgetLimits, clock: Clock): AddressBudget {
  const budgets = new RecentMap<Budget>(REMEMBERED);

  function leftOf(network: string): number {
    const known = budgets.get(network);
    return known === undefined ? burst : Math.min(burst, known.left + (clock.now() - known.at) / refillMs);
  }

  function change(address: string, by: number): void {
    const network = networkOf(address);
    budgets.set(network, { left: Math.min(burst, leftOf(network) + by), at: clock.now() });
  }

  return {
    pauseOf(address) {
      const left = leftOf(networkOf(address));
      return left >= 1 ? 0 : (1 - left) * refillMs;
    },
    spend: (address) => { change(address, -1); },
    giveBack: (address) => { change(address, 1); },
  };
}

/** The address, or for IPv6 the network: one customer has a whole /64 of addresses. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const full = tail === undefined ? groups : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0'), ...last];
  return `${full.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}/64`;
}
