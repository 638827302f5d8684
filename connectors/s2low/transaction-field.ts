import type { Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';

/** The number of a transaction that a step maps; the reference of a delivery (`actes-12`) stands for its number. Throws Refused. */
export function transactionField({ fields }: Pick<Submission, 'fields'>, name: string): string {
  const value = fields[name];
  const number = /^(?:actes-)?(\d{1,18})$/.exec(typeof value === 'string' ? value.trim() : '')?.[1];
  if (number === undefined) throw new Refused(`Field «${name}»: found «${String(value ?? '')}», expected the number of a transaction of S2LOW.`);
  return number;
}
