import type { ConnectorContext, ResultDocument, Results, Tracking } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { ActeMessage } from '../../src/formats/actes/acte-message.js';
import { readActeMessage } from '../../src/formats/actes/read-message.js';
import { MOST_BYTES } from '../../src/formats/business-xml.js';
import { FormatError } from '../../src/formats/format-error.js';
import { matches, readPesAcquit } from '../../src/formats/pes/read-acquit.js';
import { actResults, isAboutAct } from '../../src/tele-transmission/act-results.js';
import { pesTracking } from '../../src/tele-transmission/pes-results.js';
import type { PastellSettings } from './config.js';
import { asDocument, fetchAll } from './download.js';
import type { ReceiptData } from './receipt.js';
import type { Session } from './session.js';
import { filesOf, textOf, type Detail } from './shapes.js';

type ActFacts = Extract<ReceiptData['facts'], { kind: 'act' }>;
type PesFacts = Extract<ReceiptData['facts'], { kind: 'pes' }>;

/** A file stands in the place of the answer of the State, whole, and is none. */
export class UnusableAnswer extends OutcomeUnknown {}

/** Names under which the acquit of a flow stands (contracts/pastell.md §5.2). */
const ACQUITS = ['fichier_reponse', 'pes_acquit'] as const;

/** What the State gave back for an act; null where its acknowledgement is not there yet. Throws Refused for one of another act. */
export async function bringAct(session: Session, document: Detail, { number, publishedOn }: ActFacts, context: ConnectorContext): Promise<Results | null> {
  const [acknowledgement] = await fetchAll(session, document, 'aractes', context);
  if (acknowledgement === undefined) return null;
  const message = await read(acknowledgement.sha256, 'acknowledgement', context);
  if (message.kind !== 'ARActe' || !isAboutAct(message, { number })) {
    throw new Refused(`The acknowledgement that Pastell gives for the act «${number}» is a ${message.kind} of «${message.number ?? '?'}». Nothing was concluded from it: ask the administrator of Pastell, then retry.`);
  }
  const documents: ResultDocument[] = [
    asDocument(acknowledgement, 'acknowledgement'),
    ...(await fetchAll(session, document, 'bordereau', context)).map((file) => asDocument(file, 'acknowledgement-slip')),
    ...(await fetchAll(session, document, 'acte_tamponne', context)).map((file) => asDocument(file, 'stamped-document')),
    ...(await fetchAll(session, document, 'annexes_tamponnees', context)).map((file) => asDocument(file, 'stamped-document')),
  ];
  return actResults({ transaction: transactionOf(document), acknowledgement: message, publishedOn: publishedOn ?? publicationOf(document), documents });
}

/** What the treasury answered to a flow: the acquit alone says it, whatever state and `etat_ack` say. Null where there is none yet. Throws Refused for
 * one of another flow. */
export async function bringPes(session: Session, document: Detail, { nomFic, codCol }: PesFacts, { language }: Pick<PastellSettings, 'language'>, context: ConnectorContext): Promise<Extract<Tracking, { state: 'done' | 'rejected' }> | null> {
  const field = ACQUITS.find((name) => filesOf(document, name).length > 0);
  const [file] = field === undefined ? [] : await fetchAll(session, document, field, context);
  if (file === undefined) return null;
  const acquit = await readPesAcquit(context.blobs.read(file.sha256)).catch((error: unknown) => { throw unusable('acquit', error); });
  if (!matches(acquit, { nomFic, codCol })) {
    throw new Refused(`The acquit that Pastell gives for the flow «${nomFic}» (CodCol ${codCol ?? '?'}) answers another one: «${acquit.nomFic}» (CodCol ${acquit.codCol}). Nothing was concluded from it: ask the administrator of Pastell, then retry.`);
  }
  const tracking = pesTracking({ transaction: transactionOf(document), nomFic, file, language }, acquit);
  return tracking.state === 'pending' ? null : tracking;
}

/** The transaction on the platform of tele-transmission, or the document where Pastell does not tell it. */
export function transactionOf(document: Detail): string {
  return textOf(document, 'tedetis_transaction_id') || textOf(document, 'pes_tedetis_transaction_id') || document.id;
}

/** A day, where Pastell tells one (version 4 and later). */
function publicationOf(document: Detail): string | null {
  return /^\d{4}-\d{2}-\d{2}/.exec(textOf(document, 'acte_publication_date'))?.[0] ?? null;
}

async function read(sha256: string, what: string, { blobs }: Pick<ConnectorContext, 'blobs'>): Promise<ActeMessage> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of blobs.read(sha256) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new UnusableAnswer(`What Pastell gives as ${what} is too large to be one.`);
    chunks.push(chunk);
  }
  try {
    return readActeMessage(Buffer.concat(chunks));
  } catch (error) {
    throw unusable(what, error);
  }
}

function unusable(what: string, error: unknown): unknown {
  return error instanceof FormatError ? new UnusableAnswer(`What Pastell gives as ${what} cannot be used. ${error.message}`, { cause: error }) : error;
}
