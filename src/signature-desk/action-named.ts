import type { DeskAction } from './desk-folder.js';

const WITH_ANNOTATION = ['read', 'visa', 'sign', 'paper-sign', 'seal', 'send-mail'] as const;

/** The action that a word of the page or the terminal stands for; `words` are its annotation, reason, date or status. Undefined
 * for a word that is none. */
export function actionNamed(word: string, words: string): DeskAction | undefined {
  const plain = WITH_ANNOTATION.find((one) => one === word);
  if (plain !== undefined) return { do: plain, annotation: words };
  switch (word) {
    case 'sign-other': return { do: 'sign', other: true };
    case 'refuse': return { do: 'reject', reason: words };
    case 'delay': return { do: 'delay', until: words };
    case 'recycle': return { do: 'recycle' };
    case 'mark': return { do: 'mark', status: words };
    default: return undefined;
  }
}
