import { randomInt } from 'node:crypto';
import type { PastellWorld } from './simulated-world.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 7;

/** The name of a new document: seven letters and digits by chance (contracts/pastell.md §1), unless somebody chose it. */
export function newId({ nextIds, ledger }: Pick<PastellWorld, 'nextIds' | 'ledger'>): string {
  const chosen = nextIds.shift();
  if (chosen !== undefined) return chosen;
  for (;;) {
    const id = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');
    if (!ledger.documents.has(id)) return id;
  }
}
