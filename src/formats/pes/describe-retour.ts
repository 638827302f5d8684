import type { PesRetour, ReturnedPiece } from './pes-retour.js';

/** Lines of what was rejected. */
const MOST_LINES = 200;

type Words = Readonly<Record<string, string>>;

/** Codes of EtatPce; 05 is another thing for expense than for revenue. */
const STATES: Readonly<Record<'fr' | 'en', Words>> = {
  fr: {
    'expense 01': 'mandats en instance', 'expense 02': 'mandats pris en charge', 'expense 04': 'mandats rejetés', 'expense 05': 'mandats soldés',
    'revenue 01': 'titres en instance', 'revenue 02': 'titres pris en charge', 'revenue 03': 'titres pris en charge en partie', 'revenue 04': 'titres rejetés', 'revenue 05': 'titres annulés',
  },
  en: {
    'expense 01': 'payment orders waiting', 'expense 02': 'payment orders taken', 'expense 04': 'payment orders rejected', 'expense 05': 'payment orders settled',
    'revenue 01': 'collection orders waiting', 'revenue 02': 'collection orders taken', 'revenue 03': 'collection orders taken in part', 'revenue 04': 'collection orders rejected',
    'revenue 05': 'collection orders cancelled',
  },
};

const PIECES = { fr: { expense: 'mandat', revenue: 'titre' }, en: { expense: 'payment order', revenue: 'collection order' } } as const;

/** What a return file of the treasury tells, in plain words: one sentence, and one line for each piece that was rejected. */
export function describeRetour(retour: PesRetour, language: 'fr' | 'en'): { readonly summary: string; readonly rejected: readonly string[] } {
  const isFrench = language === 'fr';
  const states = [...retour.states].toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, count]) => `${STATES[language][key] ?? (isFrench ? `pièces à l'état ${key}` : `pieces in state ${key}`)}${isFrench ? ' : ' : ': '}${count}`);
  const head = isFrench ? `Retour du Trésor public du ${retour.producedOn}` : `Return of the treasury of ${retour.producedOn}`;
  return {
    summary: [head, ...(states.length === 0 ? [] : [states.join(', ')])].join(isFrench ? ' ; ' : '; '),
    rejected: retour.rejected.slice(0, MOST_LINES).map((piece) => pieceWords(piece, language)),
  };
}

function pieceWords({ domain, slip, year, number, note }: ReturnedPiece, language: 'fr' | 'en'): string {
  const name = PIECES[language][domain];
  return language === 'fr'
    ? `Bordereau ${slip} de ${year}, ${name} ${number} rejeté${note === '' ? '' : ` : ${note}`}`
    : `Slip ${slip} of ${year}, ${name} ${number} rejected${note === '' ? '' : `: ${note}`}`;
}
