import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { nothingSent, Refused } from '../../src/connector-api/failures.js';
import { folderOf, type SignatureFolder } from '../../src/signature-book/folder.js';
import { sentFolderOf, type SentFolder } from '../../src/signature-book/sent-folder.js';
import { signaturePlace } from '../../src/signature-book/signature-place.js';
import type { V5Settings } from './config.js';
import { createFolder, filesOf, premisOf } from './create-folder.js';
import { findFolder, requireSame, type FoundFolder } from './find-folder.js';
import { readHistory } from './folder-calls.js';
import { folderMark, type FolderMark } from './folder-mark.js';
import type { Annotations, ReceiptData } from './receipt.js';
import { openSession, type Session } from './session.js';
import { startDraft } from './start-draft.js';
import { chooseType, type ChosenType } from './types.js';

/** A draft that could not be started yet is tried again after so long. */
const DRAFT_MS = 5_000;

/** How often the tasks of a draft are looked for at once. */
const LOOKS = 3;

interface Prepared {
  readonly session: Session;
  readonly folder: SignatureFolder;
  readonly sent: SentFolder;
  readonly mark: FolderMark;
}

/** Creates the folder of a submission, once: one with its mark that is there already is taken for it. */
export async function handOver(submission: Submission, settings: V5Settings, context: ConnectorContext): Promise<Receipt> {
  const prepared = await prepare(submission, settings, context);
  const { session, folder, mark, sent } = prepared;
  for (const { annex } of filesOf(folder)) await proveAnnex(annex, context);
  const chosen = await beforeTheMark(chooseType(session, folder));
  const there = await beforeTheMark(findFolder(session, mark, filterOf(chosen)));
  if (there !== null) return await taken(there, prepared, context);
  const premis = await premisOf(folder, mark, chosen, context);
  const annotated = folder.publicAnnotation !== null || folder.privateAnnotation !== null;
  await context.markSent();
  const id = await createFolder(session, folder, premis, !annotated, context);
  return annotated ? await started(id, prepared, context) : receiptOf(id, { folder: sent });
}

/** Looks for the folder of a submission in every list of the desk. */
export async function lookFor(submission: Submission, settings: V5Settings, context: ConnectorContext): Promise<Probe> {
  const prepared = await prepare(submission, settings, context);
  const found = await findFolder(prepared.session, prepared.mark);
  return found === null ? 'absent' : { found: foundReceipt(found, prepared) };
}

async function prepare(submission: Submission, settings: V5Settings, context: ConnectorContext): Promise<Prepared> {
  const folder = folderOf(submission, { ...settings, visibility: 'SERVICE' });
  const place = await signaturePlace(folder, context);
  return { session: openSession(settings, context), folder, sent: sentFolderOf(folder, place), mark: folderMark(submission, folder, settings) };
}

/** A folder of an attempt before this one. */
async function taken(found: FoundFolder, prepared: Prepared, context: ConnectorContext): Promise<Receipt> {
  requireSame(found.history, prepared.sent);
  return found.state === 'DRAFT' ? await started(found.id, prepared, context) : foundReceipt(found, prepared);
}

function foundReceipt({ id, state, history }: FoundFolder, { folder, sent }: Prepared): Receipt {
  requireSame(history, sent);
  return receiptOf(id, { folder: sent, ...(state === 'DRAFT' && { toStart: annotationsOf(folder) }) });
}

/** A draft that is there is never created again: what goes wrong in starting it is left to be tried when it is next asked about. */
async function started(id: string, { session, folder, sent }: Prepared, { logger }: ConnectorContext): Promise<Receipt> {
  const toStart = annotationsOf(folder);
  const outcome = await tryToStart(session, id, toStart).catch((error: unknown) => {
    if (error instanceof Refused) throw error;
    logger.warn('A draft could not be given into its circuit; it is tried again', { folder: id, reason: String(error) });
    return 'not-yet' as const;
  });
  return outcome === 'started' ? receiptOf(id, { folder: sent }) : { ...receiptOf(id, { folder: sent, toStart }), pollAfterMs: DRAFT_MS };
}

/** The tasks of a draft are made a moment after it, often while they are first looked for. */
async function tryToStart(session: Session, id: string, annotations: Annotations): Promise<'started' | 'not-yet'> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const history = await readHistory(session, id);
    if (history !== null && await startDraft(session, id, history, annotations) === 'started') return 'started';
  }
  return 'not-yet';
}

function annotationsOf({ publicAnnotation, privateAnnotation }: SignatureFolder): Annotations {
  return { publicAnnotation, privateAnnotation };
}

function filterOf({ type, subtype }: ChosenType): Readonly<Record<string, string>> {
  return { typeId: type.id, subtypeId: subtype.id };
}

function receiptOf(reference: string, data: ReceiptData): Receipt {
  return { reference, state: 'sent', data };
}

/** Questions that come before the folder is handed over: without an answer, nothing was sent. */
async function beforeTheMark<Result>(asking: Promise<Result>): Promise<Result> {
  return asking.catch((error: unknown) => { throw nothingSent(error); });
}
