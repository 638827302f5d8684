import type { ActionRule } from './simulated-actions.js';
import { hasPassed, isTicked, stateOf, wantsSignature, type SimulatedDocument } from './simulated-document.js';
import { firstProblem } from './simulated-form.js';
import type { DocumentType } from './simulated-types.js';
import type { PastellWorld } from './simulated-world.js';

/** What may be asked for now, in the order of the type. */
export function possibleActions(document: SimulatedDocument, type: DocumentType, world: PastellWorld): readonly string[] {
  return Object.keys(type.actions).filter((name) => isPossible(name, document, type, world));
}

/** Whether one of its rules holds. The daemon needs no rule of an action that nobody may ask for. */
export function isPossible(name: string, document: SimulatedDocument, type: DocumentType, world: PastellWorld): boolean {
  return type.actions[name]?.rules.some((rule) => holds(rule, document, type, world)) === true;
}

/** Why the form of a document is not complete; null where it is. */
export function formProblem(document: SimulatedDocument, type: DocumentType, { mishaps }: Pick<PastellWorld, 'mishaps'>): string | null {
  return mishaps.has('never-complete') ? 'Le formulaire est incomplet : le document n\'est pas accepté ici.' : firstProblem(document, type);
}

function holds(rule: ActionRule, document: SimulatedDocument, type: DocumentType, world: PastellWorld): boolean {
  return (rule.in === undefined || rule.in.includes(stateOf(document).action))
    && (rule.passed === undefined || hasPassed(document, rule.passed))
    && (rule.never === undefined || !hasPassed(document, rule.never))
    && (rule.ticked ?? []).every((box) => isChosen(document, box))
    && !(rule.unticked ?? []).some((box) => isChosen(document, box))
    && (rule.isValid !== true || formProblem(document, type, world) === null);
}

function isChosen(document: SimulatedDocument, box: string): boolean {
  return box === 'envoi_signature' ? wantsSignature(document) : isTicked(document, box);
}
