import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { NewItem } from '../../domain/item.js';

/** So long, at least, a call that comes again is known to be a repeat, milliseconds. */
const REPEATS_WITHIN = 10 * 60_000;

/** By what a repeat of a call is known, whatever happened to the process in between: the same item down to its bytes, with the
 * identifier of its caller, moments later. Both keys are taken; those of a later time are others. */
export function repeatKeys(item: NewItem): readonly string[] {
  if (item.externalIdentifier === '') return [];
  const content = { ...item, uid: '', createdAt: 0, modifiedAt: 0, annexes: item.annexes.map((annex) => ({ ...annex, uid: '' })) };
  const sha256 = createHash('sha256').update(canonicalJson(content)).digest('hex');
  const period = Math.floor(item.createdAt / REPEATS_WITHIN);
  return [period, period + 1].map((one) => `createItem ${sha256} ${one}`);
}
