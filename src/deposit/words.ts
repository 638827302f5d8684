import { describeFinding } from '../formats/pes/pes-refusals.js';
import type { PesFinding } from '../formats/pes/pes-report.js';
import type { Refusal, RefusalCode } from './outcome.js';

export type Language = 'fr' | 'en';

/** What the words of a refusal speak of. */
interface Told {
  readonly about: string;
  readonly uid: string;
}

type Sentences = Readonly<Record<RefusalCode, (told: Told) => string>>;

const REFUSALS: Readonly<Record<Language, Sentences>> = {
  en: {
    empty: ({ about }) => `The file ${about} is empty.`,
    'too-large': ({ about }) => `The file is larger than ${about} bytes, the most that this deposit takes.`,
    'several-flows': ({ about }) => `One item holds one PES flow, and these are several: ${about}. Deposit each by itself.`,
    pes: () => 'This is no PES flow that the treasury would take.',
    'name-taken': ({ about, uid }) => `Another flow with the name ${about} was received as item ${uid}; its content is different. The treasury takes each name once: give this flow another NomFic.`,
    'request-taken': ({ uid }) => `Another file came with the same Idempotency-Key and was received as item ${uid}. Give each file its own key.`,
    damaged: ({ about }) => `The file ${about} does not hold what its manifest announces: the SHA-256 is different. Deposit it again.`,
    manifest: ({ about }) => `The manifest cannot be used: ${about}.`,
    incomplete: ({ about }) => `Files that the manifest names did not come: ${about}.`,
    unreadable: ({ about }) => `The file cannot be read: ${about}.`,
  },
  fr: {
    empty: ({ about }) => `Le fichier ${about} est vide.`,
    'too-large': ({ about }) => `Le fichier dépasse ${about} octets, le plus que ce dépôt accepte.`,
    'several-flows': ({ about }) => `Un point contient un flux PES, et ceux-ci sont plusieurs : ${about}. Déposez chacun séparément.`,
    pes: () => 'Ce n\'est pas un flux PES que le Trésor accepterait.',
    'name-taken': ({ about, uid }) => `Un autre flux du nom de ${about} a été reçu comme point ${uid} ; son contenu est différent. Le Trésor n'accepte chaque nom qu'une fois : donnez un autre NomFic à ce flux.`,
    'request-taken': ({ uid }) => `Un autre fichier est venu avec la même Idempotency-Key et a été reçu comme point ${uid}. Donnez sa propre clé à chaque fichier.`,
    damaged: ({ about }) => `Le fichier ${about} n'a pas le contenu que son manifeste annonce : l'empreinte SHA-256 est différente. Déposez-le à nouveau.`,
    manifest: ({ about }) => `Le manifeste n'est pas utilisable : ${about}.`,
    incomplete: ({ about }) => `Des fichiers que le manifeste nomme ne sont pas venus : ${about}.`,
    unreadable: ({ about }) => `Le fichier n'est pas lisible : ${about}.`,
  },
};

const FRAME = {
  en: {
    refused: (name: string) => `${name} was not accepted.`,
    already: (name: string, uid: string) => `${name}: already received as item ${uid}. No second item was made.`,
    toDo: 'Correct it, then deposit it again.',
  },
  fr: {
    refused: (name: string) => `${name} n'a pas été accepté.`,
    already: (name: string, uid: string) => `${name} : déjà reçu comme point ${uid}. Aucun second point n'a été créé.`,
    toDo: 'Corrigez-le, puis déposez-le à nouveau.',
  },
};

/** Why something was refused, in one sentence or two. */
export function sentenceOf({ code, about = '', uid = '' }: Refusal, language: Language): string {
  return REFUSALS[language][code]({ about: String(about), uid });
}

/** The text of the reason file that lies beside what was refused. Lines end as Windows likes them. */
export function refusalText(name: string, refusal: Refusal, language: Language): string {
  const frame = FRAME[language];
  const findings = refusal.findings.map((finding) => `- ${describeFinding(finding, language)}`);
  return lines([frame.refused(name), sentenceOf(refusal, language), ...(findings.length === 0 ? [] : ['', ...findings]), '', frame.toDo]);
}

/** The text that lies beside what was received before. */
export function repeatText(name: string, uid: string, language: Language): string {
  return lines([FRAME[language].already(name, uid)]);
}

/** A finding in one language. */
export type ToldFinding = Pick<PesFinding, 'severity' | 'rule' | 'place' | 'line' | 'message'>;

export function toldFinding({ severity, rule, place, line, message, messageFr }: PesFinding, language: Language): ToldFinding {
  return { severity, rule, place, line, message: language === 'fr' ? messageFr ?? message : message };
}

function lines(text: readonly string[]): string {
  return `${text.join('\r\n')}\r\n`;
}
