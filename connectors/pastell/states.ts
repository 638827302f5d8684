/** Where a document stands, by what it means for Relais (contracts/pastell.md §6).
 * `draft`: nothing has left. `running`: Pastell acts by itself. `in-signature`, `signed`, `transmitting`: as they say. `human`: a person with a
 * certificate must act over there. `acknowledged`: the State has answered. `answering`: the prefecture asked something. `cancelling`,
 * `cancelled`: by the State. `deposited`, `archiving`, `archived`, `mailing`, `mailed`: what comes after. `done`: all that was chosen is done.
 * `rejected`: a person or the State said no. `asks-again`: Pastell could not ask, and may be told to ask again. `stuck`: a person must correct
 * something over there. */
export type StateKind =
  | 'draft' | 'running' | 'in-signature' | 'signed' | 'transmitting' | 'human' | 'acknowledged' | 'answering' | 'cancelling' | 'cancelled'
  | 'deposited' | 'archiving' | 'archived' | 'mailing' | 'mailed' | 'done' | 'rejected' | 'asks-again' | 'stuck' | 'unknown';

export interface Standing {
  readonly kind: StateKind;
  /** What it waits for, or what is wrong with it, in a plain sentence. */
  readonly words: string;
  /** `stuck`: what to do. `asks-again`: the action that asks. */
  readonly next?: string;
}

const STATES: Readonly<Record<string, readonly [kind: StateKind, words: string, next?: string]>> = {
  'creation': ['draft', 'It lies in Pastell as a draft.'],
  'modification': ['draft', 'It lies in Pastell as a draft.'],
  'importation': ['draft', 'It was imported into Pastell and is not on its way yet.'],
  'orientation': ['running', 'Pastell chooses its next step.'],
  'pre-orientation': ['running', 'Pastell chooses its next step.'],
  'pre-send-tdt': ['running', 'Pastell is about to send it to the State.'],
  'transformation': ['running', 'Pastell works its fields out.'],
  'transformation-fixe': ['running', 'Pastell works its fields out.'],
  'send-iparapheur': ['in-signature', 'It is in the signature book.'],
  'recu-iparapheur': ['signed', 'It is signed.'],
  'recu-iparapheur-etat': ['signed', 'It is signed.'],
  'rejet-iparapheur': ['rejected', 'It was refused in the signature book.'],
  'erreur-verif-iparapheur': ['asks-again', 'Pastell got no answer from the signature book.', 'verif-iparapheur'],
  'send-signature-error': ['stuck', 'Pastell could not put it into the signature book.', 'Correct the sub-type or the connector over there, run «send-iparapheur» on its page, then retry'],
  'send-tdt': ['transmitting', 'It is with the platform of tele-transmission; the answer of the State is awaited.'],
  'send-tdt-erreur': ['stuck', 'The platform of tele-transmission did not take it; often its number was used before.', 'Correct the number on its page in Pastell and run «send-tdt» there, then retry; or remove it there and send the item anew with another number'],
  'document-transmis-tdt': ['human', 'A person with a certificate must confirm its transmission in Pastell.'],
  'teletransmission-tdt': ['transmitting', 'A person is confirming its transmission.'],
  'return-teletransmission-tdt': ['transmitting', 'A person has confirmed its transmission.'],
  'tdt-error': ['rejected', 'The transmission ended in an error.'],
  'erreur-verif-tdt': ['asks-again', 'Pastell could not learn what became of the transmission.', 'verif-tdt'],
  'acquiter-tdt': ['acknowledged', 'The State has acknowledged it.'],
  'info-tdt': ['acknowledged', 'The treasury has answered.'],
  'refus-tdt': ['rejected', 'The treasury refused it.'],
  'verif-reponse-tdt': ['answering', 'The prefecture is being asked for letters.'],
  'attente-reponse-prefecture': ['answering', 'The prefecture has written, and awaits an answer in Pastell.'],
  'send-reponse-prefecture': ['answering', 'The answer is on its way to the prefecture.'],
  'annulation-tdt': ['cancelling', 'The prefecture was asked to cancel it.'],
  'annuler-tdt': ['cancelled', 'The prefecture has cancelled it, as was asked in Pastell.'],
  'error-ged': ['stuck', 'Pastell could not put it into the document management.', 'Correct the connector over there, run «send-ged» on its page, then retry'],
  'send-ged-etat': ['deposited', 'It is in the document management.'],
  'generate-sip': ['archiving', 'It is on its way to the archive.'],
  'send-archive': ['archiving', 'It is on its way to the archive.'],
  'ar-recu-sae': ['archiving', 'The archive has received it.'],
  'ack-not-provided': ['archiving', 'The archive has not confirmed it yet.'],
  'generate-sip-error': ['stuck', 'Pastell could not make what the archive takes.', 'Correct it on its page in Pastell and run «send-archive» there, then retry'],
  'erreur-envoie-sae': ['stuck', 'Pastell could not send it to the archive.', 'Run «send-archive» on its page in Pastell, then retry'],
  'verif-sae-erreur': ['asks-again', 'Pastell could not ask the archive.', 'verif-sae'],
  'validation-sae-erreur': ['asks-again', 'Pastell could not ask the archive.', 'validation-sae'],
  'accepter-sae': ['archived', 'The archive has accepted it.'],
  'rejet-sae': ['stuck', 'The archive rejected it.', 'Correct it on its page in Pastell and send it to the archive again, then retry'],
  'send-mailsec': ['mailing', 'It was sent by secure mail, and nobody has read it yet.'],
  'mailsec-relance': ['mailing', 'It was sent by secure mail, and its readers were reminded.'],
  'renvoi': ['mailing', 'It was sent by secure mail once more.'],
  'reception': ['mailed', 'It was read by secure mail.'],
  'non-recu': ['stuck', 'Its secure mail was not received.', 'Correct the addresses on its page in Pastell and send the mail again, then retry'],
  'erreur': ['stuck', 'Its secure mail could not be sent.', 'Look at its page in Pastell, correct it there, then retry'],
  'termine': ['done', 'All that was chosen is done.'],
  'suppression_automatique': ['done', 'All that was chosen is done, and Pastell is about to remove it.'],
  'fatal-error': ['stuck', 'It was stopped over there, or Pastell cannot go on with it.', 'Ask the administrator of Pastell why; settle or cancel this delivery, and send the item anew where it must be sent'],
};

/** What begins so, where the whole name tells no more. */
const BEGINNINGS: readonly (readonly [beginning: string, kind: StateKind, words: string])[] = [
  ['preparation-', 'running', 'Pastell prepares its next step.'],
  ['prepare-', 'running', 'Pastell prepares its next step.'],
  ['send-ged', 'deposited', 'It is in the document management.'],
];

/** What the state of a document means. An error that is not known is stuck, anything else that is not known is waited for. */
export function standingOf(state: string): Standing {
  const [kind, words, next] = Object.hasOwn(STATES, state) ? STATES[state] ?? [] : BEGINNINGS.find(([beginning]) => state.startsWith(beginning))?.slice(1) as [StateKind, string] | undefined ?? [];
  if (kind !== undefined && words !== undefined) return { kind, words, ...(next !== undefined && { next }) };
  if (/(?:^|[-_])(?:error|erreur)(?:$|[-_])/.test(state)) return { kind: 'stuck', words: `Pastell says «${state}».`, next: 'Look at its page in Pastell, correct it there, then retry' };
  return { kind: 'unknown', words: `Pastell says «${state}», which Relais does not know; it counts as under way.` };
}

/** Nothing of it has left Pastell. */
export function isDraft(state: string): boolean {
  return standingOf(state).kind === 'draft';
}

/** Ended before the State ever had it: it stands in nobody's way. */
export function isDead(state: string): boolean {
  return state === 'rejet-iparapheur' || state === 'fatal-error' || state === 'supression';
}

/** Names of all states that are known, for tests and pages. */
export const KNOWN_STATES: readonly string[] = Object.keys(STATES);
