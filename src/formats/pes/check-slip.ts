import { amountOf, centsOf } from './pes-amount.js';
import type { PesFindings, PesSpot, PesWords } from './pes-findings.js';
import type { PesSlip } from './pes-report.js';
import type { OpenSlip } from './pes-slips.js';

/** Compares a slip with what it declares (contracts/pes-actes-formats.md §A2, §A6 10). `amount` is the element of its amount. */
export function checkSlip(open: OpenSlip, slip: PesSlip, amount: string, findings: PesFindings): void {
  const spotOf = (name: string): PesSpot => open.values.get(name)?.spot ?? { place: `${open.spot.place}/BlocBordereau/${name}/@V`, line: open.spot.line };
  const warn = (rule: string, name: string, words: PesWords): void => { findings.warning(rule, spotOf(name), words); };
  const declared = open.values.get('NbrPce')?.value ?? 'nothing';
  if (slip.declaredPieces !== slip.pieces) {
    warn('A6.10', 'NbrPce', { en: `the slip declares ${declared} pieces and has ${slip.pieces}`, fr: `le bordereau annonce ${declared === 'nothing' ? 'aucun nombre de' : declared} pièces et en contient ${slip.pieces}` });
  }
  const total = centsOf(slip.amount ?? '');
  if (open.sum !== undefined && total !== open.sum) {
    warn('A6.10', amount, { en: `the slip declares ${slip.amount ?? 'no amount'} and its lines add up to ${amountOf(open.sum)}`, fr: `le bordereau annonce ${slip.amount ?? 'aucun montant'} et ses lignes totalisent ${amountOf(open.sum)}` });
  }
  if ((centsOf(slip.vat ?? '') ?? 0n) > 0n && !open.hasVatLine) {
    warn('A2', 'MtBordTVA', { en: `the slip declares ${slip.vat ?? ''} of VAT and none of its lines has any (MtTVA)`, fr: `le bordereau annonce ${slip.vat ?? ''} de TVA et aucune de ses lignes n'en a (MtTVA)` });
  }
  checkRefused(open, slip, spotOf, findings);
}

/** What the treasury answers with a rejection. */
function checkRefused(open: OpenSlip, slip: PesSlip, spotOf: (name: string) => PesSpot, findings: PesFindings): void {
  if (open.isDematerialised && (open.values.get('MtCumulAnnuel')?.value ?? '') === '') {
    findings.error('A2', spotOf('MtCumulAnnuel'), { en: 'the yearly total is missing; it is required where InfoDematerialisee is 1', fr: 'le cumul annuel manque ; il est obligatoire quand InfoDematerialisee vaut 1' });
  }
  if (slip.domain === 'expense' && slip.type === '04') {
    findings.error('A2', spotOf('TypBord'), { en: 'the type of the slip is 04, which the treasury refuses for expenses; expected 01, 02 or 03', fr: 'le type de bordereau est 04, que le comptable refuse en dépense ; attendu : 01, 02 ou 03' });
  }
  if (slip.number === '') findings.warning('A2', spotOf('IdBord'), { en: 'the number of the slip is missing', fr: 'le numéro du bordereau manque' });
  else if (!/^\d{1,7}$/.test(slip.number)) findings.warning('A2', spotOf('IdBord'), { en: `the number of the slip is «${slip.number.slice(0, 40)}»; expected 1 to 7 digits`, fr: `le numéro du bordereau est «${slip.number.slice(0, 40)}» ; attendu : 1 à 7 chiffres` });
}
