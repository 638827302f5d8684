import type { StatusMeaning } from './act-status.js';

/** Where a flow stands, for the operator (contracts/s2low.md §6). Codes that are not here are polled on, and logged. */
export const HELIOS_STATUSES: ReadonlyMap<number, StatusMeaning> = new Map<number, StatusMeaning>([
  [-1, { words: { en: 'in error', fr: 'en erreur' } }],
  [0, { words: { en: 'cancelled', fr: 'annulé' } }],
  [1, { words: { en: 'posted: S2LOW checks it', fr: 'posté : S²LOW le vérifie' } }],
  [2, { words: { en: 'checked: it waits to be sent to the treasury', fr: 'vérifié : il attend de partir vers la trésorerie' } }],
  // While the acquit cannot be read yet, 4, 6 and 8 are reported so as well (§5).
  [3, { words: { en: 'sent to the treasury: its acquit is awaited', fr: 'transmis à la trésorerie : son acquit est attendu' } }],
  [4, { words: { en: 'acknowledged by the treasury', fr: 'acquitté par la trésorerie' } }],
  [6, { words: { en: 'refused by the treasury', fr: 'refusé par la trésorerie' } }],
  [7, { words: { en: 'posted: S2LOW is at work on it', fr: 'posté : S²LOW le traite' } }],
  [8, { words: { en: 'answered by the treasury', fr: 'traité par la trésorerie' } }],
  [9, { words: { en: 'answered by the treasury, and sent to the archive', fr: 'traité par la trésorerie, et envoyé à l\'archive' } }],
  [10, { words: { en: 'answered by the treasury, and archived', fr: 'traité par la trésorerie, et archivé' } }],
  [11, { words: { en: 'answered by the treasury; the archive refused it', fr: 'traité par la trésorerie ; l\'archive l\'a refusé' } }],
  [13, { words: { en: 'deposited: it waits for a signature on S2LOW', fr: 'déposé : il attend une signature sur S²LOW' }, waits: true }],
  [14, { words: { en: 'deposited: an agent must transmit it on S2LOW', fr: 'déposé : un agent doit le télétransmettre sur S²LOW' }, waits: true }],
  [19, { words: { en: 'answered by the treasury; it waits to be sent to the archive', fr: 'traité par la trésorerie ; il attend de partir vers l\'archive' } }],
  [20, { words: { en: 'answered by the treasury; sending it to the archive failed', fr: 'traité par la trésorerie ; l\'envoi à l\'archive a échoué' } }],
  [21, { words: { en: 'answered by the treasury; its files are about to be removed', fr: 'traité par la trésorerie ; ses fichiers vont être supprimés' } }],
  [22, { words: { en: 'answered by the treasury; its files were removed', fr: 'traité par la trésorerie ; ses fichiers ont été supprimés' } }],
  [24, { words: { en: 'sent to the treasury, which does not answer such a file', fr: 'transmis à la trésorerie, qui ne répond pas à un tel fichier' } }],
]);

/** The acquit has come: it alone says whether the treasury accepts (§5.3). */
export const ANSWERED: ReadonlySet<number> = new Set([4, 6, 8, 9, 10, 11, 19, 20, 21, 22]);

/** The treasury answers no such file. */
export const WITHOUT_ACQUIT = 24;
