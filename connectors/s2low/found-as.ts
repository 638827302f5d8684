import { Refused } from '../../src/connector-api/failures.js';
import { referenceOf } from './receipt.js';

/** The number of a transaction as an operator gives it: alone, or as in our references. Throws Refused for anything else. */
export function numberIn(foundAs: string, module: 'actes' | 'helios'): string {
  const [, number] = new RegExp(`^(?:${module}-)?(\\d{1,18})$`, 'i').exec(foundAs.trim()) ?? [];
  if (number !== undefined) return number;
  throw new Refused(`«${foundAs}» is no number of ${module === 'helios' ? 'a flow' : 'a transaction'} on S2LOW: expected one such as 34, or ${referenceOf(module, '34')}.`);
}
