import { composeActId } from '../formats/actes/act-id.js';
import type { FiledAct } from './exchange.js';

/** Of the simulated department: three characters, as in file names. */
export const DEPARTMENT = '034';

const SHORT_NATURES: Readonly<Record<string, string>> = { 1: 'DE', 2: 'AR', 3: 'AI', 4: 'CC', 5: 'BF', 6: 'AU' };

/** IDActe: `034-213400017-20270301-2027_12-DE` (contracts/pes-actes-formats.md §B1). */
export function actIdOf({ authority, date, number, nature }: Pick<FiledAct, 'authority' | 'date' | 'number' | 'nature'>): string {
  return composeActId({ department: DEPARTMENT, siren: authority, decisionDate: date, number, nature: SHORT_NATURES[nature] ?? 'AU' });
}

/** Name of a file of an act: `…-1-1_0.xml` for the message, 1 for the first document (§B3). */
export function businessName(actId: string, code: string, index: number, extension: string): string {
  return `${actId}-${code}_${index}.${extension}`;
}

/** Day of an instant, `2027-03-01`. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
