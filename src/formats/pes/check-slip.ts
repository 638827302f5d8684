import { amountOf, centsOf } from './pes-amount.js';
import type { PesFindings, PesSpot, PesWords } from './pes-findings.js';
import type { PesSlip } from './pes-report.js';
import type { OpenSlip } from './pes-slips.js';

/** Compares a slip with what it declares (contracts/pes-actes-formats.md §A2, §A6 10). `amount` is the element of its amount. */
export function checkSlip(open: OpenSlip, slip: PesSlip, amount: string, findings: PesFindings): void {
  const spotOf = (name: string): PesSpot => open.values.get(name)?.spot ?? { place: `${open.spot.place}/BlocBordereau/${name}/@V`, line: open.spot.line };
  if (slip.declaredPieces !== slip.pieces) findings.warning('A6.10', spotOf('NbrPce'), pieceWords(open.values.get('NbrPce')?.value, slip.pieces));
  if (open.sum !== undefined && centsOf(slip.amount ?? '') !== open.sum) findings.warning('A6.10', spotOf(amount), amountWords(slip.amount, amountOf(open.sum)));
  if (!open.hasVatLine && (centsOf(slip.vat ?? '') ?? 0n) > 0n) {
    findings.warning('A2', spotOf('MtBordTVA'), { en: 'the slip declares VAT and none of its lines has any (MtTVA)', fr: 'le bordereau annonce de la TVA et aucune de ses lignes n\'en a (MtTVA)' });
  }
  checkNumber(slip.number, spotOf('IdBord'), findings);
  checkRefused(open, slip, spotOf, findings);
}

function pieceWords(declared: string | undefined, pieces: number): PesWords {
  return { en: `the slip declares ${declared ?? 'no number of'} pieces and has ${pieces}`, fr: `le bordereau annonce ${declared ?? 'aucun nombre de'} pièces et en contient ${pieces}` };
}

function amountWords(declared: string | null, sum: string): PesWords {
  return { en: `the slip declares ${declared ?? 'no amount'} and its lines add up to ${sum}`, fr: `le bordereau annonce ${declared ?? 'aucun montant'} et ses lignes totalisent ${sum}` };
}

function checkNumber(number: string, spot: PesSpot, findings: PesFindings): void {
  if (number === '') findings.warning('A2', spot, { en: 'the number of the slip is missing', fr: 'le numéro du bordereau manque' });
  else if (!/^\d{1,7}$/.test(number)) findings.warning('A2', spot, { en: `the number of the slip is «${number.slice(0, 40)}»; expected 1 to 7 digits`, fr: `le numéro du bordereau est «${number.slice(0, 40)}» ; attendu : 1 à 7 chiffres` });
}

/** What the treasury answers with a rejection. */
function checkRefused(open: OpenSlip, slip: PesSlip, spotOf: (name: string) => PesSpot, findings: PesFindings): void {
  if (open.isDematerialised && (open.values.get('MtCumulAnnuel')?.value ?? '') === '') {
    findings.error('A2', spotOf('MtCumulAnnuel'), { en: 'the yearly total is missing; it is required where InfoDematerialisee is 1', fr: 'le cumul annuel manque ; il est obligatoire quand InfoDematerialisee vaut 1' });
  }
  if (slip.domain === 'expense' && slip.type === '04') {
    findings.error('A2', spotOf('TypBord'), { en: 'the type of the slip is 04, which the treasury refuses for expenses; expected 01, 02 or 03', fr: 'le type de bordereau est 04, que le comptable refuse en dépense ; attendu : 01, 02 ou 03' });
  }
}
