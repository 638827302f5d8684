import type { LetterKind } from './acte-message.js';
import { attributes, buildMessage, childrenOf } from './build-message.js';
import { namedFile } from './write-ar-acte.js';

export interface Letter {
  readonly actId: string;
  /** Date of the letter, of a referral that of its deposit; `2027-03-01`. */
  readonly on: string;
  /** Pieces asked for, reason, what is illegal; nothing of the kind in a simple letter. */
  readonly text: string;
  readonly files: readonly string[];
}

/** Where a letter says in words what it is about. */
const WORDS = { DemandePieceComplementaire: 'DescriptionPieces', LettreObservations: 'Motif' } as const;

/** A letter of the prefecture: messages 2-1, 3-1, 4-1 and 5-1 (contracts/pes-actes-formats.md §B4). */
export function writeLetter(kind: LetterKind, { actId, on, text, files }: Letter): Buffer {
  if (kind === 'DefereTA') {
    return buildMessage(kind, {
      ...attributes({ IDActe: actId }),
      ...childrenOf({ DateDepot: on, NatureIllegalite: text, PiecesJointes: childrenOf({ PieceJointe: files.map(namedFile) }) }),
    });
  }
  const words = kind === 'CourrierSimple' ? {} : { [WORDS[kind]]: text };
  return buildMessage(kind, { ...attributes({ IDActe: actId, DateCourrierPref: on }), ...childrenOf({ ...words, Document: files.slice(0, 1).map(namedFile) }) });
}

/** The acknowledgement of what was answered to a letter: messages 3-5 and 4-5. */
export function writeArReply(kind: 'ARPieceComplementaire' | 'ARReponseRejetLettreObservations', { actId, letterOn, receivedOn }: {
  readonly actId: string; readonly letterOn: string; readonly receivedOn: string;
}): Buffer {
  return buildMessage(kind, { ...attributes({ DateReception: receivedOn }), ...childrenOf({ InfosCourrierPref: attributes({ IDActe: actId, DateCourrierPref: letterOn }) }) });
}

/** The envelope in which the State sends (EnveloppeMISILLCL). `files` are the messages in it. */
export function writeEnvelope({ department, siren, files }: { readonly department: string; readonly siren: string; readonly files: readonly string[] }): Buffer {
  return buildMessage('EnveloppeMISILLCL', childrenOf({
    Emetteur: childrenOf({ IDPref: attributes({ Departement: department }) }),
    FormulairesEnvoyes: childrenOf({ Formulaire: files.map(namedFile) }),
    Destinataire: { $: { 'insee:SIREN': siren } },
  }));
}
