import { advanced, chained, currentStep, noted, recycled, rejected, seen, type RowWords } from './circuit.js';
import type { DeskFiles } from './desk-files.js';
import { DeskRefusal, type DeskAction, type DeskFolder, type StepAction } from './desk-folder.js';
import type { DeskSigners } from './desk-signers.js';
import type { DeskType, StepKind } from './desk-types.js';
import { putSignature } from './put-signature.js';

export interface ActingParts {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly files: DeskFiles;
  readonly signers: DeskSigners;
  /** Throws DeskRefusal. */
  readonly typeOf: (type: string, subtype: string) => DeskType;
}

/** What does a step of each kind. */
export const STEP_ACTIONS = { visa: 'visa', sign: 'sign', seal: 'seal', mail: 'send-mail' } as const satisfies Record<StepKind, DeskAction['do']>;

const IN_WORDS: Readonly<Record<StepAction['do'], string>> = {
  visa: 'un visa', sign: 'une signature', 'paper-sign': 'une signature sur papier', seal: 'un cachet', 'send-mail': 'un courriel sécurisé',
};

/** The folder after somebody did something with it; signatures are real ones. Throws DeskRefusal for what its state does not allow. */
export async function carryOut(folder: DeskFolder, action: DeskAction, parts: ActingParts): Promise<DeskFolder> {
  const { at, typeOf } = parts;
  const words: RowWords = { actor: action.by ?? actorOf(folder), annotation: annotationOf(action) };
  if (isStep(action)) return stepDone(folder, action, words, parts);
  switch (action.do) {
    case 'read': return seen(folder, at, words);
    case 'reject': return rejected(folder, at, words);
    case 'recycle': return recycled(folder, at, words);
    case 'chain': return chained(folder, at, words, typeOf(action.type, action.subtype));
    case 'delay': return { ...noted(folder, at, words, 'delay'), deadline: dateOf(action.until) };
    case 'mark': return noted(folder, at, words, 'mark', action.status);
  }
}

function dateOf(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new DeskRefusal('not-now', `La date ${text} n'est pas valide : AAAA-MM-JJ est attendu.`);
  return text;
}

function annotationOf(action: DeskAction): string {
  if (action.do === 'reject') return action.reason;
  if (action.do === 'delay') return action.annotation ?? `Reporté au ${action.until}`;
  return 'annotation' in action ? action.annotation ?? '' : '';
}

function isStep(action: DeskAction): action is StepAction {
  return action.do === 'paper-sign' || Object.values<string>(STEP_ACTIONS).includes(action.do);
}

async function stepDone(folder: DeskFolder, action: StepAction, words: RowWords, { at, files, signers }: ActingParts): Promise<DeskFolder> {
  const awaited = STEP_ACTIONS[currentStep(folder).kind];
  const isPaper = action.do === 'paper-sign';
  if ((isPaper ? 'sign' : action.do) !== awaited) throw new DeskRefusal('not-now', `Le dossier ${folder.id} attend ${IN_WORDS[awaited]}, pas ${IN_WORDS[action.do]}.`);
  if (action.do !== 'sign' && action.do !== 'seal') return advanced(folder, at, words, isPaper);
  return advanced(await putSignature(folder, { files, at, signer: await signers.of(words.actor), other: action.other ?? false }), at, words);
}

/** Who is asked now; the emitter when nobody is. */
function actorOf({ circuit, step, state, emitter }: DeskFolder): string {
  return (state === 'running' ? circuit[step]?.actor : undefined) ?? emitter;
}
