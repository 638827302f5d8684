import type { ExtraValue } from '../domain/item.js';
import { describeFinding } from '../formats/pes/pes-refusals.js';
import type { PesReport, PesSlip } from '../formats/pes/pes-report.js';
import type { Language } from './words.js';

/** Slips that a description names. */
const SHOWN_SLIPS = 20;
/** What is worth a look and does not stop it, as many as a description names. */
const SHOWN_FINDINGS = 20;

/** What flows, and those who look at the item, may want to know of a PES flow: the item's `extra`. */
export function pesExtra(report: PesReport): Record<string, ExtraValue> {
  const { nomFic, codCol, codBud, idPost, idColl, budgetLabel, producedOn, domains, slips, slipCount, pieceCount, attachmentCount, signature } = report;
  const texts = { nomFic, codCol, codBud, idPost, idColl, budget: budgetLabel, producedOn };
  return {
    ...Object.fromEntries(Object.entries(texts).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    domains, slips: slips.map(({ number }) => number), slipCount, pieceCount, attachmentCount, signature,
  };
}

/** The name by which the treasury knows it, for ever. */
export function pesName({ codCol, nomFic }: PesReport): string | null {
  return nomFic === null || codCol === null ? null : `${codCol}/${nomFic}`;
}

/** How an item of it is called and described where nothing else is said. */
export function describedPes(report: PesReport, language: Language): { readonly title: string; readonly description: string; readonly externalIdentifier: string } {
  const name = report.nomFic ?? '';
  return { title: `PES ${name}`, description: describePes(report, language), externalIdentifier: name };
}

/** What it holds and what is worth a look, one line each. */
function describePes({ findings, budgetLabel, codBud, slips, slipCount, pieceCount, attachmentCount, signature }: PesReport, language: Language): string {
  const isFrench = language === 'fr';
  const budget = [codBud, budgetLabel].filter((part) => part !== null).join(' ');
  const counts = isFrench
    ? `${slipCount} bordereau(x), ${pieceCount} pièce(s), ${attachmentCount} pièce(s) justificative(s)`
    : `${slipCount} slip(s), ${pieceCount} piece(s), ${attachmentCount} attachment(s)`;
  const signed = { none: isFrench ? 'non signé' : 'not signed', file: isFrench ? 'signé en entier' : 'signed as a whole', slips: isFrench ? 'chaque bordereau est signé' : 'each slip is signed', partial: isFrench ? 'signé en partie seulement' : 'signed in part only' };
  return [
    ...(budget === '' ? [] : [`Budget ${budget}`]),
    `${counts}; ${signed[signature]}`,
    ...slips.slice(0, SHOWN_SLIPS).map((slip) => describeSlip(slip, isFrench)),
    ...(slipCount > SHOWN_SLIPS ? ['…'] : []),
    ...findings.slice(0, SHOWN_FINDINGS).map((finding) => `${isFrench ? 'À vérifier' : 'To check'}: ${describeFinding(finding, language)}`),
    ...(findings.length > SHOWN_FINDINGS ? ['…'] : []),
  ].join('\n');
}

function describeSlip({ domain, number, year, amount, pieces }: PesSlip, isFrench: boolean): string {
  const kind = isFrench ? { expense: 'dépense', revenue: 'recette' }[domain] : domain;
  const total = amount === null ? '' : ` ${amount} EUR,`;
  return isFrench ? `Bordereau ${number} (${kind} ${year}):${total} ${pieces} pièce(s)` : `Slip ${number} (${kind} ${year}):${total} ${pieces} piece(s)`;
}
