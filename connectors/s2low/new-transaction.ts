import { OutcomeUnknown } from '../../src/connector-api/failures.js';

/** The number in an OK: the line after it. Throws OutcomeUnknown where it does not stand there. */
export function newTransaction([line = '']: readonly string[], who: string): string {
  if (/^\d{1,18}$/.test(line)) return line;
  throw new OutcomeUnknown(`${who} answered OK without the number of the transaction.`);
}
