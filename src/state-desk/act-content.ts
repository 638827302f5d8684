import type { ActeContent, LetterKind as LetterMessage } from '../formats/actes/acte-message.js';
import type { FiledAct, LetterKind } from './exchange.js';

/** What messages repeat of an act. */
export function actContent({ date, number, nature, matter, subject, paperFollows, documents }: FiledAct, classificationDate: string): ActeContent {
  return { decisionDate: date, number, nature, classification: matter, subject, classificationDate, files: documents.map(({ filename }) => filename), paperFollows };
}

/** Numbers of transactions by letter (contracts/s2low.md §3.5). */
export const LETTER_NUMBERS: Readonly<Record<LetterKind, '2' | '3' | '4' | '5'>> = { simple: '2', pieces: '3', observations: '4', court: '5' };

export const LETTER_MESSAGES: Readonly<Record<LetterKind, LetterMessage>> = { simple: 'CourrierSimple', pieces: 'DemandePieceComplementaire', observations: 'LettreObservations', court: 'DefereTA' };
