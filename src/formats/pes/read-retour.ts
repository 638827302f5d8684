import { FormatError } from '../format-error.js';
import { walkXml } from '../walk-xml.js';
import type { PesRetour, ReturnedPiece } from './pes-retour.js';

const NAMESPACE = 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour';

/** EtatPce of a piece that the treasury did not take, expense and revenue alike. */
const REJECTED = '04';
const MOST_REJECTED = 5_000;
/** Codes of states are few; a file that makes up more is not listened to any further. */
const MOST_STATES = 100;

type Fields = Record<'nomFic' | 'typFic' | 'codCol' | 'idColl' | 'idPost' | 'codBud' | 'producedOn', string>;

/** Values of the header by the names of their elements. The treasury writes `CodColl` here, `CodCol` everywhere else. */
const HEADER: ReadonlyMap<string, keyof Fields> = new Map([
  ['NomFic', 'nomFic'], ['TypFic', 'typFic'], ['CodColl', 'codCol'], ['CodCol', 'codCol'], ['IdColl', 'idColl'], ['IdPost', 'idPost'], ['CodBud', 'codBud'], ['DteStr', 'producedOn'],
]);

/** Reads a PES_Retour as it streams in, at constant memory. Throws FormatError for another file or one that is cut, and what the stream throws. */
export async function readPesRetour(content: AsyncIterable<Uint8Array>): Promise<PesRetour> {
  const header: Fields = { nomFic: '', typFic: '', codCol: '', idColl: '', idPost: '', codBud: '', producedOn: '' };
  const domains: string[] = [];
  const pieces = countPieces();
  await walkXml(content, {
    open(name, value, depth, { namespace }) {
      if (depth === 1) requireRoot(name, namespace);
      else if (depth === 2 && name !== 'Enveloppe' && name !== 'EnTetePES') domains.push(name);
      else if (domains.length > 0) pieces.open(domains.at(-1) ?? '', name, value);
      else keepHeader(header, name, value);
    },
    close: (name) => pieces.close(name),
  }, 'The return file of the treasury');
  return { ...header, domains: [...new Set(domains)], ...pieces.end() };
}

function keepHeader(header: Fields, name: string, value: string): void {
  const field = HEADER.get(name);
  if (field !== undefined) header[field] ||= value;
}

function requireRoot(name: string, namespace: string): void {
  if (name !== 'PES_Retour') throw new FormatError(`A ${name} was found in place of a return file of the treasury; PES_Retour was expected.`);
  if (namespace !== NAMESPACE) throw new FormatError(`The return file of the treasury has the namespace «${namespace}»; ${NAMESPACE} was expected.`);
}

function countPieces(): { open(domain: string, name: string, value: string): void; close(name: string): void; end(): Pick<PesRetour, 'restitutions' | 'slipCount' | 'pieceCount' | 'states' | 'rejected'> } {
  const restitutions = new Set<string>();
  const states = new Map<string, number>();
  const rejected: ReturnedPiece[] = [];
  let slipCount = 0;
  let pieceCount = 0;
  let slip = { slip: '', year: '' };
  let piece = { number: '', state: '', note: '' };
  let domain: ReturnedPiece['domain'] = 'expense';
  let isLine = false;

  const on: Readonly<Record<string, (value: string) => void>> = {
    TypRestit: (value) => restitutions.add(value),
    Bordereau() { slipCount += 1; slip = { slip: '', year: '' }; },
    Exer(value) { slip.year ||= value; },
    IdBord(value) { slip.slip ||= value; },
    Piece() { pieceCount += 1; piece = { number: '', state: '', note: '' }; },
    LigneDePiece() { isLine = true; },
    IdPce(value) { piece.number ||= value; },
    EtatPce(value) { piece.state ||= value; },
    // Lines have one of their own.
    ObsEtat(value) { if (!isLine) piece.note ||= value; },
  };

  return {
    open(block, name, value) {
      domain = block === 'PES_RecetteRetour' ? 'revenue' : 'expense';
      if (Object.hasOwn(on, name)) on[name]?.(value);
    },
    close(name) {
      if (name === 'LigneDePiece') isLine = false;
      if (name !== 'Piece') return;
      const key = `${domain} ${piece.state}`;
      if (states.has(key) || states.size < MOST_STATES) states.set(key, (states.get(key) ?? 0) + 1);
      if (piece.state === REJECTED && rejected.length < MOST_REJECTED) rejected.push({ domain, ...slip, ...piece });
    },
    end: () => ({ restitutions: [...restitutions], slipCount, pieceCount, states, rejected }),
  };
}
