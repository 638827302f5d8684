import type { AcquitElement, AcquitError, AcquitPiece, PesAcquit } from './pes-acquit.js';

/** Elements that are kept of those that are accepted, and as many of those that are not. */
const MOST_ELEMENTS = 5_000;
/** Errors and pieces that are kept of the whole file: an element may name all pieces of a flow. */
const MOST_DETAILS = 20_000;

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };
type Header = Writable<Omit<PesAcquit, 'elements' | 'unlisted'>>;
interface Piece extends Writable<AcquitPiece> { errors: AcquitError[]; lines: { number: string; errors: AcquitError[] }[] }
interface Element extends Writable<AcquitElement> { errors: AcquitError[]; pieces: Piece[] }

export interface AcquitBuilder {
  open(name: string, value: string): void;
  close(name: string): void;
  end(): PesAcquit;
}

/** Makes a PES_ACQUIT of its elements as they come. The old kind has no Erreur and no DetailPiece: number of the piece, number of the line and anomaly
 * stand in the element itself (contracts/pes-actes-formats.md §A7). */
export function createAcquitBuilder(): AcquitBuilder {
  const header: Header = { nomFic: '', codCol: '', idColl: null };
  const elements: AcquitElement[] = [];
  const counts = { accepted: 0, rejected: 0 };
  let details = 0;
  let element: Element | undefined;
  let piece: Piece | undefined;
  let line: { number: string; errors: AcquitError[] } | undefined;
  let error: Writable<AcquitError> | undefined;

  const kept = <T>(list: T[], entry: T): T => {
    details += 1;
    if (details <= MOST_DETAILS) list.push(entry);
    return entry;
  };
  const newPiece = (number: string): Piece => kept((element ?? emptyElement()).pieces, { number, errors: [], lines: [] });
  const newError = (): Writable<AcquitError> => kept((line ?? piece ?? element ?? emptyElement()).errors, { code: null, label: null });
  const newLine = (number: string): { number: string; errors: AcquitError[] } => kept((piece ?? newPiece('')).lines, { number, errors: [] });

  /** Both kinds: in the new one the pieces and errors are open already. */
  const readDetail = (name: string, value: string): void => {
    switch (name) {
      case 'Erreur': error = newError(); break;
      case 'NumAnoAck': (error ??= newError()).code = value; break;
      case 'LibelleAnoAck': (error ??= newError()).label = value; break;
      case 'DetailPiece': piece = newPiece(''); break;
      case 'NumPiece': (piece ??= newPiece('')).number = value; break;
      case 'DetailLigne': line = newLine(''); break;
      case 'NumLigne': (line ??= newLine('')).number = value; break;
    }
  };

  return {
    open(name, value) {
      if (name === 'ElementACQUIT') { element = emptyElement(); return; }
      if (element === undefined) readHeader(header, name, value);
      else if (!readElement(element, name, value)) readDetail(name, value);
    },
    close(name) {
      if (name === 'Erreur') error = undefined;
      if (name === 'DetailLigne') line = undefined;
      if (name === 'DetailPiece') piece = undefined;
      if (name !== 'ElementACQUIT' || element === undefined) return;
      const word = element.isAccepted ? 'accepted' : 'rejected';
      counts[word] += 1;
      if (counts[word] <= MOST_ELEMENTS) elements.push(element);
      element = piece = line = error = undefined;
    },
    end() {
      const unlisted = { accepted: Math.max(0, counts.accepted - MOST_ELEMENTS), rejected: Math.max(0, counts.rejected - MOST_ELEMENTS) };
      return { ...header, elements, ...(unlisted.accepted + unlisted.rejected > 0 && { unlisted }) };
    },
  };
}

function emptyElement(): Element {
  return { domain: '', isAccepted: false, slip: null, attachment: null, market: null, errors: [], pieces: [] };
}

function readHeader(header: Header, name: string, value: string): void {
  switch (name) {
    case 'NomFic': header.nomFic = value; break;
    case 'DteStr': header.producedOn = value; break;
    case 'IdPost': header.idPost = value; break;
    case 'IdColl': header.idColl = value; break;
    case 'CodCol': header.codCol = value; break;
    case 'CodBud': header.codBud = value; break;
  }
}

/** False for what stands in no element itself. EtatAck is a boolean: `1` or `true`; anything else is no acceptance. */
function readElement(element: Element, name: string, value: string): boolean {
  switch (name) {
    case 'DomaineAck': element.domain = value; return true;
    case 'EtatAck': element.isAccepted = value === '1' || value === 'true'; return true;
    case 'NumBord': element.slip = { year: null, ...element.slip, number: value }; return true;
    case 'ExerciceBord': element.slip = { number: '', ...element.slip, year: value }; return true;
    case 'IdMarche': element.market = value; return true;
    case 'IdUnique': element.attachment = value; return true;
    default: return false;
  }
}
