import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { XmlPlace } from '../../src/signature-book/fields.js';
import type { FolderFile, SignatureFolder } from '../../src/signature-book/folder.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import type { OutgoingFile, OutgoingStruct } from '../../src/soap-client/values.js';
import { createAnswer, saysDuplicate, wordsOf } from './answers.js';
import type { IParapheurSettings } from './config.js';
import { requireOurs } from './same-folder.js';
import { ask, sentence, WHO } from './service.js';

/** Creates a folder, which also gives it into its circuit, and resolves with what it is called over there. One that is there
 * already under this id, and is ours, is the same folder. Throws Refused, OutcomeUnknown and the failures of HTTP. */
export async function createFolder(id: string, folder: SignatureFolder, place: XmlPlace | null, settings: IParapheurSettings, context: ConnectorContext): Promise<string> {
  const values = requestOf(id, folder, place, context);
  const { MessageRetour: message, DossierID: given } = await ask('CreerDossier', values, createAnswer, settings, context, { bytes: filesOf(folder).reduce((sum, { annex }) => sum + annex.size, 0) }).catch((error: unknown) => { throw whatFaultMeans(error); });
  // contracts/iparapheur.md §1.5: an id comes back only in some cases.
  const reference = given === '' ? id : given;
  if (message?.codeRetour === 'OK') return reference;
  if (message === null || message.codeRetour === '') throw new OutcomeUnknown(`${WHO} did not say whether it took the folder${message === null ? '' : `: ${wordsOf(message)}`}.`);
  if (!saysDuplicate(message)) throw new Refused(`${WHO} refuses the folder: ${sentence(wordsOf(message))}`);
  await requireOurs(id, folder, settings, context);
  return id;
}

/** All files of a folder, the main document first. */
export function filesOf({ main, supplementary, annexes, visual, detachedSignature }: SignatureFolder): readonly FolderFile[] {
  return [main, ...supplementary, ...annexes, visual, detachedSignature].filter((file) => file !== null);
}

/** A fault that blames us says that nothing was done; after any other one, nobody knows. */
function whatFaultMeans(error: unknown): unknown {
  if (!(error instanceof SoapFault)) return error;
  const words = sentence(error.message);
  return /^(?:Client|Sender)\b/.test(error.code) ? new Refused(words, { cause: error }) : new OutcomeUnknown(words, { cause: error });
}

/** contracts/iparapheur.md §1.5; what may be nil and is not given is sent as nil (§1.2). */
function requestOf(id: string, folder: SignatureFolder, place: XmlPlace | null, context: ConnectorContext): OutgoingStruct {
  const { main, supplementary, annexes, visual, detachedSignature, metadata } = folder;
  const content = (file: FolderFile | null): OutgoingFile | null => (file === null ? null : contentOf(file, context));
  const list = (files: readonly FolderFile[]) => (files.length === 0 ? undefined : { DocAnnexe: files.map((file) => annexOf(file, context)) });
  const named = Object.entries(metadata);
  return {
    TypeTechnique: folder.type, SousType: folder.subtype,
    EmailEmetteur: folder.emitter ?? undefined,
    DossierID: id, DossierTitre: folder.title,
    DocumentPrincipal: contentOf(main, context), NomDocPrincipal: main.filename,
    SignatureDocPrincipal: content(detachedSignature) ?? undefined,
    VisuelPDF: content(visual),
    DocumentsAnnexes: list(annexes), DocumentsSupplementaires: list(supplementary),
    MetaData: named.length === 0 ? undefined : { MetaDonnee: named.map(([nom, valeur]) => ({ nom, valeur })) },
    XPathPourSignatureXML: place, MetaDataTdtACTES: null,
    AnnotationPublique: folder.publicAnnotation, AnnotationPrivee: folder.privateAnnotation,
    Visibilite: folder.visibility, DateLimite: folder.deadline,
  };
}

function annexOf(file: FolderFile, context: ConnectorContext): OutgoingStruct {
  return { nom: file.filename, fichier: contentOf(file, context), mimetype: file.annex.mediaType, encoding: 'UTF-8' };
}

function contentOf({ annex }: FolderFile, context: ConnectorContext): OutgoingFile {
  return { contentType: annex.mediaType, size: annex.size, open: () => annexContent(annex, context) };
}
