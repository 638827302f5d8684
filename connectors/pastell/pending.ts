import type { Tracking } from '../../src/connector-api/connector.js';
import type { ReceiptData } from './receipt.js';
import type { Detail } from './shapes.js';
import { standingOf } from './states.js';

/** It is under way: where it stands, in words, and what the receipt remembers of it. `due`: it must be asked about in any case. */
export function pendingAt({ state, at }: Detail, data: ReceiptData, { due = false, words = '', tries = 0 }: { readonly due?: boolean; readonly words?: string; readonly tries?: number } = {}): Extract<Tracking, { state: 'pending' }> {
  const { entity, type, route, facts, brought } = data;
  const note = `${standingOf(state).words}${words === '' ? '' : ` ${words}`}`;
  return { state: 'pending', note, data: { entity, type, route, facts, brought, seen: { state, at, due }, ...(tries > 0 && { askedAgain: tries }) } satisfies ReceiptData };
}
