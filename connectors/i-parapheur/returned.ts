import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { METADATA_PREFIX } from '../../src/signature-book/fields.js';
import { isPdf } from '../../src/domain/file-kind.js';
import { addedFiles, plainName, sentAs, unquoted, withoutSlashes, type ReturnedDocument, type ReturnedFile, type ReturnedFolder } from '../../src/signature-book/returned-folder.js';
import type { SentFile, SentFolder } from '../../src/signature-book/sent-folder.js';
import type { AnsweredAnnex, AnsweredFile, AnsweredFolder } from './answers.js';

const BYTES = 'application/octet-stream';

/** Reads what GetDossier gave (contracts/iparapheur.md §1.6): the main documents with their signatures, the slip, what people
 * added. Throws OutcomeUnknown where there is no main document. */
export function returnedFolder(answered: AnsweredFolder, sent: SentFolder, onPaper: boolean): ReturnedFolder {
  const mains = sent.files.filter(({ part }) => part === 'main' || part === 'supplementary');
  const more = [...answered.DocumentsSupplementaires, ...answered.DocumentsAnnexes.filter((annex) => isSupplementary(annex, sent))];
  const documents = [mainDocument(answered, mains, sent), ...filesOf(more).map(({ annex, file }) => documentOf(file, annex.signature, mains, sent))];
  return { documents, ...slipAndAdded(answered, sent), onPaper };
}

/** The circulation slip and what people added. Annexes are told apart by name and content, because they come back in another
 * order than they were sent; the last one that nobody sent is the slip. */
export function slipAndAdded({ DocumentsAnnexes }: AnsweredFolder, sent: SentFolder): Pick<ReturnedFolder, 'slip' | 'added'> {
  const unsent = addedFiles(filesOf(DocumentsAnnexes).map(({ file }) => file), sent.files);
  const slip = unsent.findLast(isPdf) ?? null;
  return { slip, added: unsent.filter((file) => file !== slip) };
}

/** What people filled in on the way, and the annotation for everybody. */
export function returnedFields({ MetaDonnees, AnnotationPublique }: AnsweredFolder): Record<string, FieldValue> {
  const filled = MetaDonnees.filter(({ nom, valeur }) => nom !== '' && valeur !== '' && nom !== 'ph:dossierTitre');
  return {
    ...Object.fromEntries(filled.map(({ nom, valeur }) => [`${METADATA_PREFIX}${nom.replace(/^ph:/, '')}`, valeur])),
    ...(AnnotationPublique.trim() !== '' && { publicAnnotation: AnnotationPublique.trim() }),
  };
}

/** A detached signature leaves the document as it was; else a signed PES comes back in an element of its own. */
function mainDocument({ DocPrincipal, FichierPES, NomDocPrincipal, SignatureDocPrincipal }: AnsweredFolder, mains: readonly SentFile[], sent: SentFolder): ReturnedDocument {
  const content = SignatureDocPrincipal === null ? FichierPES ?? DocPrincipal : DocPrincipal ?? FichierPES;
  if (content === null) throw new OutcomeUnknown('i-Parapheur gave a folder without its main document.');
  const own = mains.find(({ part }) => part === 'main');
  const named = unquoted(NomDocPrincipal);
  const filename = named === '' ? own?.filename ?? 'document' : named;
  return documentOf({ filename, mediaType: content.contentType ?? own?.mediaType ?? BYTES, sha256: content.sha256, size: content.size }, SignatureDocPrincipal, mains, sent);
}

/** A sub-type that takes one main document makes annexes of the others (§1.5), which then nobody signed. */
function isSupplementary({ nom, fichier }: AnsweredAnnex, { files }: SentFolder): boolean {
  const sent = files.filter(({ part }) => part === 'supplementary');
  return sent.some(({ sha256 }) => sha256 === fichier?.sha256) || sent.some(({ filename }) => plainName(filename) === plainName(nom));
}

function filesOf(annexes: readonly AnsweredAnnex[]): { readonly annex: AnsweredAnnex; readonly file: ReturnedFile }[] {
  return annexes.flatMap((annex) => (annex.fichier === null ? [] : [{ annex, file: annexFile(annex, annex.fichier) }]));
}

function documentOf(file: ReturnedFile, signature: AnsweredFile | null, mains: readonly SentFile[], { place }: SentFolder): ReturnedDocument {
  const [only, ...more] = mains;
  const original = sentAs(file.filename, mains) ?? (more.length === 0 ? only ?? null : null);
  return { file, original, detached: signature === null ? [] : [signatureFile(file, signature)], place };
}

function annexFile({ nom, mimetype }: AnsweredAnnex, { contentType, sha256, size }: AnsweredFile): ReturnedFile {
  const named = unquoted(nom);
  return { filename: named === '' ? 'annexe' : withoutSlashes(named), mediaType: mimetype === '' ? contentType ?? BYTES : mimetype, sha256, size };
}

function signatureFile({ filename }: ReturnedFile, { contentType, sha256, size }: AnsweredFile): ReturnedFile {
  const mediaType = contentType ?? 'application/pkcs7-signature';
  return { filename: `${filename}.${/xml/.test(mediaType) ? 'xml' : /zip/.test(mediaType) ? 'zip' : 'p7s'}`, mediaType, sha256, size };
}
