import type { XmlTag } from '../../xml/xml-tag.js';
import type { PesFindings, PesSpot, PesWords } from './pes-findings.js';

/** What the platform sends to the treasury, by root (contracts/pes-actes-formats.md §A1, §A8). */
const SENDABLE: ReadonlyMap<string, string> = new Map([
  ['PES_Aller', 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller'],
  ['PES_ACQUIT_RETOUR', 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller/ack'],
]);

/** What is often taken for a flow. */
const OTHERS: ReadonlyMap<string, PesWords> = new Map([
  ['PES_ACQUIT', { en: 'the treasury\'s answer to a flow', fr: 'la réponse du comptable à un flux' }],
  ['PES_NonAcquit', { en: 'the treasury\'s refusal of a flow', fr: 'le refus d\'un flux par le comptable' }],
  ['PES_Retour', { en: 'what the treasury tells of pieces it has taken', fr: 'une restitution du comptable' }],
  ['DocumentBudgetaire', { en: 'a budget document, which goes to the prefecture (ACTES)', fr: 'un document budgétaire, qui part en préfecture (ACTES)' }],
  ['CompteFinancierUnique', { en: 'a financial statement, which goes to the prefecture (ACTES)', fr: 'un compte financier unique, qui part en préfecture (ACTES)' }],
  ['Acte', { en: 'an act for the prefecture (ACTES)', fr: 'un acte pour la préfecture (ACTES)' }],
  ['ARActe', { en: 'the prefecture\'s acknowledgement of an act (ACTES)', fr: 'l\'accusé de réception d\'un acte par la préfecture (ACTES)' }],
  ['html', { en: 'a web page', fr: 'une page web' }],
]);

/** True for what may be sent to the treasury. */
export function isSendable({ local, namespace }: XmlTag): boolean {
  return SENDABLE.get(local) === namespace;
}

/** Says of another root what the file is. */
export function refuseRoot({ local, namespace }: XmlTag, spot: PesSpot, findings: PesFindings): void {
  const expected = SENDABLE.get(local);
  const other = OTHERS.get(local);
  if (expected !== undefined) {
    findings.error('A6.4', spot, { en: `the root is ${local} of the namespace «${namespace.slice(0, 100)}»; expected «${expected}»`, fr: `la racine est ${local} dans l'espace de noms «${namespace.slice(0, 100)}» ; attendu : «${expected}»` });
  } else {
    findings.error('A6.4', spot, {
      en: `the file is ${other === undefined ? `a <${local.slice(0, 60)}>` : `${other.en} (${local})`}, not a flow for the treasury; expected PES_Aller`,
      fr: `le fichier est ${other === undefined ? `un <${local.slice(0, 60)}>` : `${other.fr} (${local})`}, et non un flux pour le comptable ; attendu : PES_Aller`,
    });
  }
}

const BEGINNINGS: readonly (readonly [bytes: string, words: PesWords])[] = [
  ['%PDF', { en: 'a PDF', fr: 'un PDF' }],
  ['PK\x03\x04', { en: 'a ZIP archive or an office document', fr: 'une archive ZIP ou un document bureautique' }],
  ['\x1f\x8b', { en: 'a gzip archive', fr: 'une archive gzip' }],
];

/** What a file is that is no XML at all, by its first bytes. */
export function otherThanXml(head: string): PesWords | undefined {
  return BEGINNINGS.find(([bytes]) => head.startsWith(bytes))?.[1];
}
