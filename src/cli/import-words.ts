import type { Language } from '../history/words.js';

/** What `relais import` says. */
export interface ImportWords {
  readonly added: (added: number, known: number) => string;
  readonly would: (count: number) => string;
  readonly skipped: (count: number) => string;
  readonly filledIn: (count: number) => string;
  readonly missing: (identifier: string, config: string) => string;
  readonly otherUid: (identifier: string, config: string, uid: string) => string;
}

const WORDS: Readonly<Record<Language, ImportWords>> = {
  en: {
    added: (added, known) => `${added} links imported, ${known} were known already.`,
    would: (count) => `${count} links would be imported. Nothing was changed.`,
    skipped: (count) => `${count} mistakes; what they stand in was left out:`,
    filledIn: (count) => `${count} UIDs were missing and have been found.`,
    missing: (identifier, config) => `Not found over there, left out: ${identifier} in ${config}.`,
    otherUid: (identifier, config, uid) => `Has another UID over there, left out: ${identifier} in ${config}, not ${uid}.`,
  },
  fr: {
    added: (added, known) => `${added} liens importés, ${known} étaient déjà connus.`,
    would: (count) => `${count} liens seraient importés. Rien n'a été changé.`,
    skipped: (count) => `${count} erreurs ; ce qui les porte a été laissé de côté :`,
    filledIn: (count) => `${count} UID manquants ont été trouvés.`,
    missing: (identifier, config) => `Introuvable là-bas, laissé de côté : ${identifier} dans ${config}.`,
    otherUid: (identifier, config, uid) => `A un autre UID là-bas, laissé de côté : ${identifier} dans ${config}, et non ${uid}.`,
  },
};

/** In the language of the operator. */
export function importWords(language: Language): ImportWords {
  return WORDS[language];
}
