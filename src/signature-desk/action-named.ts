import { DeskRefusal, type DeskAction } from './desk-folder.js';

const WITH_ANNOTATION = ['read', 'visa', 'sign', 'paper-sign', 'seal', 'send-mail'] as const;

/** The action that a word of the page or the terminal stands for; `words` are its annotation, reason, date or status. Undefined
 * for a word that is none. Throws DeskRefusal for a refusal without a reason. */
export function actionNamed(word: string, words: string): DeskAction | undefined {
  const plain = WITH_ANNOTATION.find((one) => one === word);
  if (plain !== undefined) return { do: plain, annotation: words };
  switch (word) {
    case 'sign-other': return { do: 'sign', other: true };
    case 'refuse': return { do: 'reject', reason: requiredReason(words) };
    case 'delay': return { do: 'delay', until: words };
    case 'recycle': return { do: 'recycle' };
    case 'mark': return { do: 'mark', status: words };
    default: return undefined;
  }
}

function requiredReason(words: string): string {
  if (words.trim() === '') throw new DeskRefusal('not-now', 'Un refus demande un motif.');
  return words;
}
