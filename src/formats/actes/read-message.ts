import { attributeOf, childNamed, childText, childrenNamed, readBusinessXml, type XmlElement } from '../business-xml.js';
import { decodeText } from '../decode-xml.js';
import { FormatError } from '../format-error.js';
import { parseActId } from './act-id.js';
import { ACTE_MESSAGES, type ActeContent, type ActeMessage, type ActeMessageKind } from './acte-message.js';

/** Elements of a letter that say something in words. */
const WORDS = ['DescriptionPieces', 'Motif', 'NatureIllegalite'] as const;

/** Reads a message of ACTES, in whatever encoding it comes, and however often it repeats its blocks: the first of each that says something counts
 * (contracts/pes-actes-formats.md §B4). Throws FormatError for what is none. */
export function readActeMessage(bytes: Buffer): ActeMessage {
  const root = readBusinessXml(bytes, 'The message of the prefecture');
  if (!isKind(root.name)) throw new FormatError(`The message of the prefecture is a <${root.name.slice(0, 60)}>, which is none of ACTES.`);
  const letter = childNamed(root, 'InfosCourrierPref') ?? root;
  const act = actOf(root);
  const actId = attributeOf(root, 'IDActe') ?? attributeOf(letter, 'IDActe');
  return {
    kind: root.name, actId, act,
    number: act?.number ?? (actId === null ? null : parseActId(actId)?.number ?? null),
    receivedOn: attributeOf(root, 'DateReception'),
    letterOn: attributeOf(letter, 'DateCourrierPref') ?? childText(root, 'DateDepot'),
    anomaly: root.name.startsWith('Anomalie') ? { on: childText(root, 'Date'), nature: childText(root, 'Nature'), detail: childText(root, 'Detail') } : null,
    texts: WORDS.map((name) => childText(root, name)).filter((text) => text !== null),
    files: namedFiles(root),
    classificationDate: childText(root, 'ClassificationDateVersionEnCours') ?? childText(root, 'DateClassification'),
  };
}

/** What follows the end of the root element in a file of a platform that sets its own words behind the message: of an anomaly, the reason. Null as
 * the message where there are only words (contracts/s2low.md §3.3). Throws FormatError for a message that is none. */
export function readAnomaly(bytes: Buffer): { readonly message: ActeMessage | null; readonly words: string } {
  const head = bytes.toString('latin1');
  const end = /<\/(?:[\w.-]+:)?Anomalie(?:Acte|Enveloppe)\s*>/.exec(head);
  if (end === null) return { message: null, words: decodeText(bytes).trim() };
  const cut = end.index + end[0].length;
  return { message: readActeMessage(bytes.subarray(0, cut)), words: decodeText(bytes.subarray(cut)).trim() };
}

function isKind(name: string): name is ActeMessageKind {
  return (ACTE_MESSAGES as readonly string[]).includes(name);
}

function actOf(root: XmlElement): ActeContent | null {
  const element = root.name === 'Acte' ? root : childNamed(root, 'ActeRecu') ?? childNamed(root, 'Acte');
  if (element === undefined) return null;
  const levels = [1, 2, 3, 4, 5].map((level) => attributeOf(childNamed(element, `CodeMatiere${level}`), 'CodeMatiere')).filter((code) => code !== null);
  return {
    decisionDate: attributeOf(element, 'Date'), number: attributeOf(element, 'NumeroInterne'), nature: attributeOf(element, 'CodeNatureActe'),
    classification: levels.length === 0 ? null : levels.join('.'),
    subject: childText(element, 'Objet'), classificationDate: childText(element, 'ClassificationDateVersion'),
    files: namedFiles(element), paperFollows: childText(element, 'DocumentPapier') === 'O',
  };
}

/** Names of the files of an act, a letter or an envelope, main document first. */
function namedFiles(element: XmlElement): string[] {
  const signed = [
    ...childrenNamed(element, 'Document'),
    ...childrenNamed(element, 'Documents').flatMap((documents) => childrenNamed(documents, 'Document')),
    ...childrenNamed(element, 'Annexes').flatMap((annexes) => childrenNamed(annexes, 'Annexe')),
    ...childrenNamed(element, 'PiecesJointes').flatMap((pieces) => childrenNamed(pieces, 'PieceJointe')),
    ...childrenNamed(element, 'FormulairesEnvoyes').flatMap((forms) => childrenNamed(forms, 'Formulaire')),
  ];
  return signed.map((file) => childText(file, 'NomFichier')).filter((name) => name !== null);
}
