import type { PesFindings, PesSpot } from './pes-findings.js';
import type { PesActions } from './pes-outline.js';

export interface PesHeader {
  typFic: string | null;
  nomFic: string | null;
  producedOn: string | null;
  idPost: string | null;
  idColl: string | null;
  codCol: string | null;
  codBud: string | null;
  budgetLabel: string | null;
}

type Member = keyof PesHeader;

/** Elements of the header, and what the report calls them. CodColl is the CodCol of answers to the treasury's restitutions (contracts/pes-actes-formats.md §A8). */
const ELEMENTS: readonly (readonly [path: string, member: Member])[] = [
  ['Enveloppe/Parametres/TypFic', 'typFic'],
  ['Enveloppe/Parametres/NomFic', 'nomFic'],
  ['EnTetePES/DteStr', 'producedOn'],
  ['EnTetePES/IdPost', 'idPost'],
  ['EnTetePES/IdColl', 'idColl'],
  ['EnTetePES/CodCol', 'codCol'],
  ['EnTetePES/CodBud', 'codBud'],
  ['EnTetePES/LibelleColBud', 'budgetLabel'],
];

/** A member of the header: what is refused where it is missing or too long, and what is only unusual. */
interface HeaderRule {
  readonly member: Member;
  readonly element: string;
  readonly rule: string;
  readonly what: { readonly en: string; readonly fr: string };
  /** A longer value is refused by the platform (contracts/s2low.md §5.2), of NomFic by the treasury (contracts/pes-actes-formats.md §A1). */
  readonly longest?: number;
  readonly form: RegExp;
  readonly expected: { readonly en: string; readonly fr: string };
}

/** contracts/pes-actes-formats.md §A1 and §A6 6 and 7; contracts/s2low.md §5.2 5, 6, 10 and 11. */
const RULES: readonly HeaderRule[] = [
  {
    member: 'nomFic', element: 'Enveloppe/Parametres/NomFic', rule: 'A6.6', what: { en: 'the name of the flow', fr: 'le nom du flux' },
    longest: 100, form: /[^0]/, expected: { en: '1 to 100 characters, not only zeros', fr: '1 à 100 caractères, autres que des zéros' },
  },
  {
    member: 'codCol', element: 'EnTetePES/CodCol', rule: 'A6.7', what: { en: 'the code of the authority', fr: 'le code de la collectivité' },
    longest: 3, form: /^[0-9]{3}$/, expected: { en: '3 digits', fr: '3 chiffres' },
  },
  {
    member: 'codBud', element: 'EnTetePES/CodBud', rule: 'A6.7', what: { en: 'the code of the budget', fr: 'le code du budget' },
    form: /^[0-9A-Z][0-9]$/, expected: { en: '2 characters, «00» for the main budget', fr: '2 caractères, «00» pour le budget principal' },
  },
  {
    member: 'idPost', element: 'EnTetePES/IdPost', rule: 'A6.7', what: { en: 'the accounting post', fr: 'le poste comptable' },
    form: /^(?:[0-9]{6,7}|02[AB][0-9]{3,4})$/, expected: { en: '6 or 7 digits', fr: '6 ou 7 chiffres' },
  },
  {
    member: 'idColl', element: 'EnTetePES/IdColl', rule: 'A6.7', what: { en: 'the SIRET of the budget', fr: 'le SIRET du budget' },
    longest: 14, form: /^[0-9]{14}$/, expected: { en: 'a SIRET of 14 digits', fr: 'un SIRET de 14 chiffres' },
  },
];

/** Reads the envelope and the header. */
export function headerReader(spot: (attribute?: string) => PesSpot) {
  const header: PesHeader = { typFic: null, nomFic: null, producedOn: null, idPost: null, idColl: null, codCol: null, codBud: null, budgetLabel: null };
  const spots = new Map<Member, PesSpot>();
  const read = (member: Member) => ({ value: (value: string): void => {
    header[member] = value;
    spots.set(member, spot('V'));
  } });
  const actions: PesActions = { ...Object.fromEntries(ELEMENTS.map(([path, member]) => [path, read(member)])), 'EnTetePES/CodColl': { value: (value) => { header.codCol ??= value; } } };
  return { header, actions, check: (root: string, findings: PesFindings) => { checkHeader(header, spots, root, findings); } };
}

/** What answers a restitution of the treasury has a header too, of which only the name counts. */
function checkHeader(header: PesHeader, spots: ReadonlyMap<Member, PesSpot>, root: string, findings: PesFindings): void {
  for (const rule of RULES) {
    if (root !== 'PES_Aller' && rule.member !== 'nomFic') continue;
    checkMember(header[rule.member] ?? '', rule, spots.get(rule.member) ?? { place: `/${root}/${rule.element}/@V`, line: 0 }, findings);
  }
}

function checkMember(value: string, rule: HeaderRule, spot: PesSpot, findings: PesFindings): void {
  const { what, expected, longest } = rule;
  if (value.trim() === '') {
    findings.error(rule.rule, spot, { en: `${what.en} is missing; expected ${expected.en}`, fr: `${what.fr} manque ; attendu : ${expected.fr}` });
  } else if (longest !== undefined && value.length > longest) {
    findings.error(rule.rule, spot, { en: `${what.en} is «${cut(value)}», ${value.length} characters; expected ${expected.en}`, fr: `${what.fr} est «${cut(value)}», ${value.length} caractères ; attendu : ${expected.fr}` });
  } else if (!rule.form.test(value)) {
    findings.warning(rule.rule, spot, { en: `${what.en} is «${cut(value)}»; expected ${expected.en}`, fr: `${what.fr} est «${cut(value)}» ; attendu : ${expected.fr}` });
  } else if (rule.member === 'idColl' && !hasLuhnKey(value)) {
    findings.warning(rule.rule, spot, { en: `the SIRET «${value}» has a wrong key: a digit may be mistyped`, fr: `le SIRET «${value}» a une clé fausse : un chiffre est peut-être mal saisi` });
  }
}

function cut(value: string): string {
  return value.length <= 60 ? value : `${value.slice(0, 60)}…`;
}

/** The key of a SIRET (Luhn): every second digit doubled, from the right. */
function hasLuhnKey(digits: string): boolean {
  const sum = Array.from(digits, Number).reverse().reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9), 0);
  return sum % 10 === 0;
}
