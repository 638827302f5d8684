import type { AcquitVerdict } from './pes-acquit.js';

/** The words of an answer of the treasury, in one language. */
export interface AcquitWords {
  readonly colon: string;
  readonly separator: string;
  readonly noReason: string;
  summary(verdict: AcquitVerdict, accepted: number, rejected: number): string;
  rejected(part: string, reasons: string): string;
  slip(number: string, year: string | null): string;
  attachment(id: string): string;
  market(id: string): string;
  /** `domain` is a code of DomaineAck. */
  whole(domain: string): string;
  piece(domain: string, number: string): string;
  line(number: string): string;
  more(count: number): string;
}

/** Codes of DomaineAck (contracts/pes-actes-formats.md §A7). */
const DOMAINS_FR: ReadonlyMap<string, string> = new Map(Object.entries({
  0: 'contrôle technique', 1: 'contrôle technique de la signature', 2: 'signature du fichier', 3: 'signature d\'un bordereau', 4: 'pièces justificatives', 5: 'dépense', 6: 'recette',
  7: 'rôle', 8: 'budget', 9: 'état de l\'actif', 10: 'état du passif', 11: 'marché', 12: 'facture', 99: 'paramétrage',
}));
const DOMAINS_EN: ReadonlyMap<string, string> = new Map(Object.entries({
  0: 'technical check', 1: 'technical check of the signature', 2: 'signature of the file', 3: 'signature of a slip', 4: 'attachments', 5: 'expense', 6: 'revenue',
  7: 'roll', 8: 'budget', 9: 'statement of assets', 10: 'statement of liabilities', 11: 'contract', 12: 'invoice', 99: 'settings',
}));

const EXPENSE = '5';
const REVENUE = '6';

export const FRENCH: AcquitWords = {
  colon: ' : ',
  separator: ' ; ',
  noReason: 'sans motif',
  summary(verdict, accepted, rejected) {
    const all = accepted + rejected;
    if (verdict === 'accepted') return `Accepté par le Trésor public (${all} ${plural(all, 'élément')}).`;
    if (verdict === 'rejected') return `Rejeté par le Trésor public : aucun élément n'est accepté sur ${all}.`;
    return `Rejet partiel par le Trésor public : ${rejected} ${plural(rejected, 'élément')} ${plural(rejected, 'rejeté')} sur ${all}.`;
  },
  rejected: (part, reasons) => `${part} : ${reasons}`,
  slip: (number, year) => `Bordereau ${number}${year === null ? '' : ` de ${year}`} rejeté`,
  attachment: (id) => `Pièce justificative ${id} rejetée`,
  market: (id) => `Marché ${id} rejeté`,
  whole: (domain) => `Fichier rejeté (${DOMAINS_FR.get(domain) ?? `domaine ${domain}`})`,
  piece: (domain, number) => `${domain === EXPENSE ? 'mandat' : domain === REVENUE ? 'titre' : 'pièce'} ${number}`,
  line: (number) => `ligne ${number}`,
  more: (count) => `… et ${count} ${plural(count, 'autre')}`,
};

export const ENGLISH: AcquitWords = {
  colon: ': ',
  separator: '; ',
  noReason: 'no reason given',
  summary(verdict, accepted, rejected) {
    const all = accepted + rejected;
    if (verdict === 'accepted') return `Accepted by the treasury (${all} ${plural(all, 'part')}).`;
    if (verdict === 'rejected') return `Rejected by the treasury: none of ${all} ${plural(all, 'part')} is accepted.`;
    return `Partly rejected by the treasury: ${rejected} of ${all} ${plural(all, 'part')}.`;
  },
  rejected: (part, reasons) => `${part}: ${reasons}`,
  slip: (number, year) => `Slip ${number}${year === null ? '' : ` of ${year}`} rejected`,
  attachment: (id) => `Attachment ${id} rejected`,
  market: (id) => `Contract ${id} rejected`,
  whole: (domain) => `File rejected (${DOMAINS_EN.get(domain) ?? `domain ${domain}`})`,
  piece: (domain, number) => `${domain === EXPENSE ? 'payment order' : domain === REVENUE ? 'collection order' : 'piece'} ${number}`,
  line: (number) => `line ${number}`,
  more: (count) => `… and ${count} more`,
};

function plural(count: number, word: string): string {
  return count > 1 ? `${word}s` : word;
}
