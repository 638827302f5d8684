import type { PastellSettings } from './config.js';
import type { ReceiptData } from './receipt.js';
import type { Detail } from './shapes.js';
import { wordsOfState } from './words-of-state.js';
import type { Tracking } from '../../src/connector-api/connector.js';

/** It is under way: where it stands, in words, and what the receipt remembers of it. `due`: it must be asked about in any case. */
export function pendingAt({ state, at }: Detail, data: ReceiptData, settings: Pick<PastellSettings, 'language'>, { due = false, words = '', tries = 0 }: { readonly due?: boolean; readonly words?: string; readonly tries?: number } = {}): Extract<Tracking, { state: 'pending' }> {
  const { entity, type, route, facts, brought } = data;
  const note = `${wordsOfState(state, settings)}${words === '' ? '' : ` ${words}`}`;
  return { state: 'pending', note, data: { entity, type, route, facts, brought, seen: { state, at, due }, ...(tries > 0 && { askedAgain: tries }) } satisfies ReceiptData };
}
