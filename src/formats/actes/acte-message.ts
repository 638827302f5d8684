/** Namespace of the messages of ACTES (contracts/pes-actes-formats.md §B2, §B4). */
export const ACTES_NAMESPACE = 'http://www.interieur.gouv.fr/ACTES#v1.1-20040216';

/** Messages by the name of their root element (§B3). */
export const ACTE_MESSAGES = [
  'Acte', 'ARActe', 'AnomalieActe',
  'CourrierSimple', 'ReponseCourrierSimple',
  'DemandePieceComplementaire', 'ARDemandePieceComplementaire', 'RefusPieceComplementaire', 'PieceComplementaire', 'ARPieceComplementaire',
  'LettreObservations', 'ARLettreObservations', 'RejetLettreObservations', 'ReponseLettreObservations', 'ARReponseRejetLettreObservations',
  'DefereTA',
  'Annulation', 'ARAnnulation',
  'DemandeClassification', 'RetourClassification', 'ReponseClassificationSansChangement',
  'EnveloppeCLMISILL', 'EnveloppeMISILLCL', 'AnomalieEnveloppe',
] as const;
export type ActeMessageKind = (typeof ACTE_MESSAGES)[number];

/** What the prefecture writes about an act. */
export type LetterKind = 'CourrierSimple' | 'DemandePieceComplementaire' | 'LettreObservations' | 'DefereTA';

/** An act as messages repeat it. What a message does not say is null. */
export interface ActeContent {
  /** `2027-03-01`. */
  readonly decisionDate: string | null;
  readonly number: string | null;
  readonly nature: string | null;
  /** `7.1`. */
  readonly classification: string | null;
  readonly subject: string | null;
  /** Version of the classification by which it was made. */
  readonly classificationDate: string | null;
  /** Main document first. */
  readonly files: readonly string[];
  readonly paperFollows: boolean;
}

/** A message, whichever it is: what is not in it is null. Dates are `2027-03-01`. */
export interface ActeMessage {
  readonly kind: ActeMessageKind;
  readonly actId: string | null;
  /** Number of the act, of its content or else of its identifier. */
  readonly number: string | null;
  /** DateReception of acknowledgements. */
  readonly receivedOn: string | null;
  /** DateCourrierPref of letters and answers to them, DateDepot of a referral. */
  readonly letterOn: string | null;
  readonly act: ActeContent | null;
  readonly anomaly: { readonly on: string | null; readonly nature: string | null; readonly detail: string | null } | null;
  /** What the letter says in the message itself: description of the pieces asked for, reason, what is illegal. */
  readonly texts: readonly string[];
  /** Names of the documents that come with it. */
  readonly files: readonly string[];
  /** Version of the classification in force over there. */
  readonly classificationDate: string | null;
}
