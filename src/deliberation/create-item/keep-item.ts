import { repeatKeys } from './repeated-call.js';
import type { NewItem } from '../../domain/item.js';
import type { Intake, Submission } from '../../intake/accept-item.js';

/** Under which uid the item is kept, and its final short id. `isRepeat`: a call before this one brought it. */
export interface KeptItem {
  readonly uid: string;
  readonly id: string;
  readonly isRepeat: boolean;
}

/** Keeps a new item. With `once`, a repeat of the call that brought it is recognised, and keeps nothing. */
export async function keepItem(intake: Pick<Intake, 'accept' | 'acceptOnce'>, submission: Submission, once: boolean): Promise<KeptItem> {
  const { item }: { readonly item: NewItem } = submission;
  const keys = once ? repeatKeys(item) : [];
  const kept = keys.length === 0 ? await intake.accept(submission) : await intake.acceptOnce(submission, { keys, content: '' });
  if ('id' in kept) return { uid: item.uid, id: kept.id, isRepeat: false };
  const [before] = kept.taken;
  return { uid: before?.uid ?? item.uid, id: item.baseId, isRepeat: true };
}
