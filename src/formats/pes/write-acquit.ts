import { latin1Xml } from '../latin1-xml.js';
import type { AcquitElement, AcquitError, AcquitPiece, PesAcquit } from './pes-acquit.js';

type Built = Readonly<Record<string, unknown>>;

/** A PES_ACQUIT of the current kind, in ISO-8859-1 (contracts/pes-actes-formats.md §A7). It keeps the schema where its header is whole. */
export function writePesAcquit({ nomFic, codCol, idColl, elements, producedOn, idPost, codBud }: PesAcquit): Buffer {
  return latin1Xml({
    'n:PES_ACQUIT': {
      $: { 'xmlns:n': 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2' },
      Enveloppe: { Parametres: { Version: value('2'), TypFic: value('PESALR2'), NomFic: value(nomFic) }, Emetteur: { Sigle: value('HELIOS'), Adresse: value('HELIOS') } },
      EnTetePES: { ...optional('DteStr', producedOn), ...optional('IdPost', idPost), ...optional('IdColl', idColl), CodCol: value(codCol), ...optional('CodBud', codBud) },
      ACQUIT: { EnTeteAcquit: { IdVer: value('2') }, ElementACQUIT: elements.map(builtElement) },
    },
  });
}

function builtElement({ domain, isAccepted, slip, attachment, market, errors, pieces }: AcquitElement): Built {
  return {
    DomaineAck: value(domain), EtatAck: value(isAccepted ? '1' : '0'),
    ...optional('NumBord', slip?.number ?? null), ...optional('ExerciceBord', slip?.year ?? null),
    ...optional('IdMarche', market), ...optional('IdUnique', attachment),
    ...several('Erreur', errors.map(builtError)), ...several('DetailPiece', pieces.map(builtPiece)),
  };
}

function builtPiece({ number, errors, lines }: AcquitPiece): Built {
  const details = lines.map((line) => ({ NumLigne: value(line.number), ...several('Erreur', line.errors.map(builtError)) }));
  return { NumPiece: value(number), ...several('Erreur', errors.map(builtError)), ...several('DetailLigne', details) };
}

function builtError({ code, label }: AcquitError): Built {
  return { ...optional('NumAnoAck', code), ...optional('LibelleAnoAck', label) };
}

function value(text: string): Built {
  return { $: { V: text } };
}

function optional(name: string, text: string | null | undefined): Built {
  return text === null || text === undefined || text === '' ? {} : { [name]: value(text) };
}

function several(name: string, built: readonly Built[]): Built {
  return built.length === 0 ? {} : { [name]: built };
}
