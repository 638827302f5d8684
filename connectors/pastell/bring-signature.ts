import type { ConnectorContext, ResultDocument, Results } from '../../src/connector-api/connector.js';
import { bringBackSigned, documentsBeside } from '../../src/signature-book/bring-back.js';
import { addedFiles, sentAs, type ReturnedDocument, type ReturnedFile } from '../../src/signature-book/returned-folder.js';
import type { SentFolder } from '../../src/signature-book/sent-folder.js';
import type { PastellSettings } from './config.js';
import { asDocument, fetchAll } from './download.js';
import { historyFields, readHistory, refusalWords, signersOf, type HistoryLine } from './history.js';
import type { ReceiptData } from './receipt.js';
import type { Session } from './session.js';
import { filesOf, type Detail } from './shapes.js';
import { detachedFiles } from './unpack-signature.js';

/** Fields in which the circulation slip may be: that of an act and a PES; that of others, whose name is the slip of the prefecture on an act (contracts/pastell.md §5). */
const SLIPS: Readonly<Record<ReceiptData['facts']['kind'], readonly string[]>> = {
  act: ['document_signe', 'bordereau_signature'], pes: ['document_signe', 'bordereau_signature'], signing: ['bordereau', 'bordereau_signature', 'document_signe'],
};

/** What a circuit gave back, whatever became of it. */
async function beside(session: Session, document: Detail, kind: ReceiptData['facts']['kind'], context: ConnectorContext): Promise<{ slip: ReturnedFile | null; added: readonly ReturnedFile[]; history: readonly HistoryLine[]; historyFile: ReturnedFile | null }> {
  const field = SLIPS[kind].find((name) => filesOf(document, name).length > 0);
  const [slip = null] = field === undefined ? [] : await fetchAll(session, document, field, context);
  const [historyFile = null] = await fetchAll(session, document, 'iparapheur_historique', context);
  const added = await fetchAll(session, document, 'iparapheur_annexe_sortie', context);
  return { slip, added, historyFile, history: historyFile === null ? [] : await readHistory(historyFile.sha256, context) };
}

/** Why it was refused, with the slip and what people added. */
export async function bringRefusal(session: Session, document: Detail, facts: ReceiptData['facts'], context: ConnectorContext): Promise<{ readonly reason: string; readonly results: Results }> {
  const { slip, added, history, historyFile } = await beside(session, document, facts.kind, context);
  const said = document.message === '' ? 'It was refused in the signature book; Pastell does not say by whom.' : `It was refused in the signature book: «${document.message}».`;
  return { reason: refusalWords(history) ?? said, results: { fields: historyFields(history), documents: [...documentsBeside({ slip, added }), ...reportOf(historyFile)] } };
}

/** The document that is signed, verified as the settings ask for it. */
export async function bringSigned(session: Session, document: Detail, folder: SentFolder, settings: PastellSettings, context: ConnectorContext): Promise<Results> {
  const { slip, added, history, historyFile } = await beside(session, document, 'signing', context);
  const sent = folder.files.filter(({ part }) => part === 'main');
  const detached = await detachedFiles(await fetchAll(session, document, 'signature', context), context);
  const documents = (await fetchAll(session, document, 'document', context)).map((file): ReturnedDocument => ({
    file, original: sentAs(file.filename, sent) ?? sent[0] ?? null, detached, place: folder.place, signers: signersOf(history),
  }));
  const others = folder.files.filter(({ part }) => part !== 'main');
  const { fields, documents: brought = [] } = await bringBackSigned({ documents, slip, added: addedFiles(added, others), onPaper: false }, folder.expects, settings, context);
  return { fields: { ...historyFields(history), ...fields }, documents: [...brought, ...reportOf(historyFile)] };
}

/** What an act or a PES was signed with. It goes on to the State from there: the platform verifies it. */
export async function bringSignedAct(session: Session, document: Detail, facts: ReceiptData['facts'], context: ConnectorContext): Promise<Results> {
  const { slip, added, history, historyFile } = await beside(session, document, facts.kind, context);
  const signed = [...await fetchAll(session, document, 'fichier_pes_signe', context), ...await fetchAll(session, document, 'signature', context)];
  const isWhole = ({ filename }: ReturnedFile): boolean => /\.(?:pdf|xml)$/i.test(filename);
  const documents = signed.map((file): ResultDocument => asDocument(file, isWhole(file) ? 'signed-document' : 'detached-signature'));
  return { fields: historyFields(history), documents: [...documents, ...documentsBeside({ slip, added }), ...reportOf(historyFile)] };
}

function reportOf(historyFile: ReturnedFile | null): ResultDocument[] {
  return historyFile === null ? [] : [asDocument(historyFile, 'report')];
}

