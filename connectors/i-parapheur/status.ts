/** What a status of a history means for a folder (contracts/iparapheur.md §2.1). `unknown`: no end, and worth a warning. */
export type StatusMeaning = { readonly is: 'pending'; readonly words: string } | { readonly is: 'finished' } | { readonly is: 'refused'; readonly words: string } | { readonly is: 'unknown' };

const PENDING: Readonly<Record<string, string>> = {
  NonLu: 'it lies on a desk and was not opened yet',
  Lu: 'it was opened and waits for the signature',
  EnCoursVisa: 'it waits for a visa',
  Vise: 'a visa was given, and the circuit goes on',
  Signe: 'it was signed, and the circuit goes on',
  SignatairePapier: 'it was signed on paper, and the circuit goes on',
  PretCachet: 'it waits for the seal',
  CachetOK: 'it was sealed, and the circuit goes on',
  EnCoursMailSecPastell: 'it is out by secure mail',
  EnCoursTransmission: 'it is being transmitted',
};

const REFUSED: Readonly<Record<string, string>> = {
  RejetVisa: 'The visa was refused',
  RejetSignataire: 'The signature was refused',
  RejetCachet: 'The seal was refused',
  RejetMailSecPastell: 'It was refused by secure mail',
  RejetSignataireExterne: 'The external signature was refused',
};

/** A signature or a seal on the document itself. */
export const SIGNED_STATUSES: ReadonlySet<string> = new Set(['Signe', 'CachetOK']);
export const PAPER_STATUS = 'SignatairePapier';

/** The end is `Archive` (the circuit is over, the folder is not archived at all yet) or a refusal: a visa or a signature alone ends one
 * step. A refusal at a kind of step that is new to us is a refusal, too. */
export function meaningOf(status: string): StatusMeaning {
  if (status === 'Archive') return { is: 'finished' };
  if (status.startsWith('Rejet')) return { is: 'refused', words: REFUSED[status] ?? `It was refused (${status})` };
  const words = PENDING[status];
  return words === undefined ? { is: 'unknown' } : { is: 'pending', words };
}

/** Statuses of what somebody did; the others say where a folder lies. */
export function isDeed(status: string): boolean {
  return ['Vise', 'Signe', PAPER_STATUS, 'CachetOK'].includes(status) || status.startsWith('Rejet');
}
