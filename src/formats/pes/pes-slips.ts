import type { XmlTag } from '../../xml/xml-tag.js';
import { centsOf } from './pes-amount.js';
import type { PesFindings, PesSpot } from './pes-findings.js';
import { attributeOf } from './pes-handler.js';
import { COMPARED } from './pes-ids.js';
import { below, type PesActions } from './pes-outline.js';
import type { PesSlip } from './pes-report.js';
import { checkSlip } from './check-slip.js';

/** Entries of a list of the report. */
export const LISTED = 5000;

/** A slip while it is read. */
export interface OpenSlip {
  readonly domain: PesSlip['domain'];
  readonly id: string | null;
  readonly spot: PesSpot;
  readonly isDematerialised: boolean;
  isSigned: boolean;
  pieces: number;
  /** Sums of the lines, in cents; undefined once an amount could not be read. */
  sum: bigint | undefined;
  hasVatLine: boolean;
  /** Values of BlocBordereau by element, and where each is. */
  readonly values: Map<string, { readonly value: string; readonly spot: PesSpot }>;
}

/** The names of the two domains that have slips (contracts/pes-actes-formats.md §A2). */
const DOMAINS = [
  { domain: 'expense', container: 'PES_DepenseAller', header: 'EnTeteDepense', amount: 'MtBordHT', line: 'InfoLignePce' },
  { domain: 'revenue', container: 'PES_RecetteAller', header: 'EnTeteRecette', amount: 'MtBordHt', line: 'InfoLignePiece' },
] as const;

/** Reads the slips of both domains, and compares each with what it declares. */
export function slipReader(spot: (attribute?: string) => PesSpot, findings: PesFindings) {
  const slips: PesSlip[] = [];
  const numbers = new Set<string>();
  const totals = { slips: 0, pieces: 0, signed: 0, withoutId: 0, dematerialised: false };
  let current: OpenSlip | undefined;

  function end(amount: string): void {
    if (current === undefined) return;
    const slip = slipOf(current, amount);
    totals.slips += 1;
    totals.pieces += current.pieces;
    if (current.isSigned) totals.signed += 1;
    if (current.id === null) totals.withoutId += 1;
    checkSlip(current, slip, amount, findings);
    checkNumber(current, slip);
    if (slips.length < LISTED) slips.push(slip);
    current = undefined;
  }

  function checkNumber({ spot: where }: OpenSlip, { domain, number, year, type }: PesSlip): void {
    const key = `${domain} ${year} ${type} ${number}`;
    if (number !== '' && numbers.has(key)) {
      findings.error('A2', { ...where, place: `${where.place}/BlocBordereau/IdBord/@V` }, {
        en: `the slip number ${number} of ${year}, type ${type}, stands twice in the file; the treasury refuses the second`,
        fr: `le bordereau n° ${number} de ${year}, type ${type}, figure deux fois dans le fichier ; le comptable refuse le second`,
      });
    } else if (numbers.size < COMPARED) numbers.add(key);
  }

  const value = (name: string) => ({ value: (found: string): void => { current?.values.set(name, { value: found, spot: spot('V') }); } });
  function actionsOf({ domain, container, header, amount, line }: (typeof DOMAINS)[number]): PesActions {
    let isDematerialised = false;
    return below(container, {
      [`${header}/InfoDematerialisee`]: { value: (found) => {
        isDematerialised = /^(?:1|true)$/.test(found);
        totals.dematerialised ||= isDematerialised;
      } },
      Bordereau: { repeats: true, open: (tag) => { current = begin(tag, domain, spot(), isDematerialised); }, close: () => { end(amount); } },
      ...below('Bordereau/BlocBordereau', Object.fromEntries(['Exer', 'IdBord', 'TypBord', 'NbrPce', 'MtCumulAnnuel', 'MtBordTVA', amount].map((name) => [name, value(name)]))),
      'Bordereau/Piece': { repeats: true, open: () => { if (current !== undefined) current.pieces += 1; } },
      'Bordereau/Piece/LigneDePiece': { repeats: true },
      [`Bordereau/Piece/LigneDePiece/BlocLignePiece/${line}/MtHT`]: { value: (found) => { if (current !== undefined) current.sum = plus(current.sum, found); } },
      [`Bordereau/Piece/LigneDePiece/BlocLignePiece/${line}/MtTVA`]: { value: (found) => { if (current !== undefined && (centsOf(found) ?? 0n) > 0n) current.hasVatLine = true; } },
    });
  }

  return { slips, totals, actions: Object.assign({}, ...DOMAINS.map(actionsOf)) as PesActions, current: () => current };
}

function begin(tag: XmlTag, domain: PesSlip['domain'], spot: PesSpot, isDematerialised: boolean): OpenSlip {
  return { domain, id: attributeOf(tag.attributes, 'Id') ?? null, spot, isDematerialised, isSigned: false, pieces: 0, sum: 0n, hasVatLine: false, values: new Map() };
}

function plus(sum: bigint | undefined, amount: string): bigint | undefined {
  const cents = centsOf(amount);
  return sum === undefined || cents === undefined ? undefined : sum + cents;
}

function slipOf({ domain, id, isSigned, pieces, spot, values }: OpenSlip, amount: string): PesSlip {
  const text = (name: string): string | null => values.get(name)?.value ?? null;
  const declared = text('NbrPce');
  return {
    domain,
    number: text('IdBord') ?? '',
    year: text('Exer') ?? '',
    type: text('TypBord') ?? '',
    id,
    declaredPieces: declared !== null && /^\d{1,9}$/.test(declared) ? Number(declared) : null,
    pieces,
    amount: text(amount),
    vat: text('MtBordTVA'),
    isSigned,
    line: spot.line,
  };
}

