/** Where an act, a reply or a cancellation stands, for the operator (contracts/s2low.md §4). `waits`: a person over there has something to do.
 * Codes that are not here are polled on, and logged. */
export interface StatusMeaning {
  readonly words: Readonly<Record<'fr' | 'en', string>>;
  readonly waits?: true;
}

export const ACT_STATUSES: ReadonlyMap<number, StatusMeaning> = new Map<number, StatusMeaning>([
  [-1, { words: { en: 'in error', fr: 'en erreur' } }],
  [0, { words: { en: 'cancelled', fr: 'annulé' } }],
  [1, { words: { en: 'posted: S2LOW checks it', fr: 'posté : S²LOW le vérifie' } }],
  [2, { words: { en: 'checked: it waits to be sent to the State', fr: 'vérifié : il attend de partir vers l\'État' } }],
  [3, { words: { en: 'sent to the State: its acknowledgement is awaited', fr: 'transmis à l\'État : son accusé de réception est attendu' } }],
  [4, { words: { en: 'acknowledged', fr: 'acquitté' } }],
  [5, { words: { en: 'acknowledged, and closed as valid', fr: 'acquitté, et clos comme valide' } }],
  [6, { words: { en: 'closed as refused', fr: 'clos comme refusé' } }],
  [7, { words: { en: 'a document of the prefecture was received', fr: 'suivi d\'un document reçu de la préfecture' } }],
  [8, { words: { en: 'the receipt of the document of the prefecture was acknowledged', fr: 'suivi d\'un document de la préfecture, dont la réception est acquittée' } }],
  [9, { words: { en: 'the document was sent', fr: 'envoyé : le document est parti' } }],
  [10, { words: { en: 'the sending of the document was refused', fr: 'refusé : l\'envoi du document n\'a pas été admis' } }],
  [11, { words: { en: 'the prefecture acknowledged the document', fr: 'acquitté : la préfecture a reçu le document' } }],
  [12, { words: { en: 'acknowledged, and sent to the archive', fr: 'acquitté, et envoyé à l\'archive' } }],
  [13, { words: { en: 'acknowledged, and archived', fr: 'acquitté, et archivé' } }],
  [14, { words: { en: 'acknowledged; its archiving failed', fr: 'acquitté ; son archivage a échoué' } }],
  [15, { words: { en: 'acknowledged, and received by the archive', fr: 'acquitté, et reçu par l\'archive' } }],
  [16, { words: { en: 'acknowledged, archived, and its files removed', fr: 'acquitté, archivé, et ses fichiers supprimés' } }],
  [17, { words: { en: 'deposited: an agent must confirm it on S2LOW (relais deliveries link)', fr: 'déposé : un agent doit le confirmer sur S²LOW (relais deliveries link)' }, waits: true }],
  [18, { words: { en: 'deposited: it waits for a signature on S2LOW', fr: 'déposé : il attend une signature sur S²LOW' }, waits: true }],
  [19, { words: { en: 'acknowledged; it waits to be sent to the archive', fr: 'acquitté ; il attend de partir vers l\'archive' } }],
  [20, { words: { en: 'acknowledged; sending it to the archive failed', fr: 'acquitté ; l\'envoi à l\'archive a échoué' } }],
  [21, { words: { en: 'a document of the prefecture was received', fr: 'suivi d\'un document reçu de la préfecture' } }],
  [22, { words: { en: 'acknowledged; its files are not available for the archive', fr: 'acquitté ; ses fichiers ne sont pas disponibles pour l\'archive' } }],
]);

/** An act has been acknowledged, whatever became of it later: closed, archived, removed. */
export const ACKNOWLEDGED: ReadonlySet<number> = new Set([4, 5, 12, 13, 14, 15, 16, 19, 20, 22]);

/** Statuses in the order in which a transaction goes through them: whoever reads the lists so meets one that moves on while he reads. */
export const ALONG_THE_WAY: readonly number[] = [17, 18, 1, 2, 3, 7, 8, 21, 9, 10, 11, 4, 5, 6, 19, 12, 15, 13, 14, 16, 20, 22, -1, 0];

/** True for what no contract tells of. */
export function isKnown(status: number): boolean {
  return ACT_STATUSES.has(status);
}
