import type { ActeMessage } from '../formats/actes/acte-message.js';

/** A reason is read by people: what is longer stands in the file. */
const LONGEST = 2_000;

const WORDS = {
  fr: { anomaly: 'anomalie', on: 'du', colon: ' : ', none: 'sans motif' },
  en: { anomaly: 'anomaly', on: 'of', colon: ': ', none: 'no reason given' },
} as const;

/** Why an act was not taken, on one line: the anomaly of the ministry, where there is one, and what the platform says beside it. */
export function describeAnomaly(message: ActeMessage | null, said: string, language: 'fr' | 'en'): string {
  const words = WORDS[language];
  const { on = null, nature = null, detail = null } = message?.anomaly ?? {};
  const name = nature === null ? '' : `${words.anomaly} ${nature}${on === null ? '' : ` ${words.on} ${on}`}`;
  const told = [name, detail ?? '', said.replace(/\s+/g, ' ').trim()].filter((text) => text !== '');
  return told.length === 0 ? words.none : told.join(words.colon).slice(0, LONGEST);
}
