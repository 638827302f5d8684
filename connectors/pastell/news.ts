import type { ConnectorContext, ResultDocument, Results, Tracking } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { bringRefusal, bringSigned, bringSignedAct } from './bring-signature.js';
import { bringAct, bringPes, transactionOf } from './bring-transmission.js';
import type { PastellSettings } from './config.js';
import { asDocument, fetchAll } from './download.js';
import { bringProofs } from './proofs.js';
import type { ReceiptData } from './receipt.js';
import { isAfterSignature } from './route.js';
import type { Session } from './session.js';
import type { Detail } from './shapes.js';
import { standingOf } from './states.js';
import { wordsOfState } from './words-of-state.js';

/** What a document gives that was not brought back yet. */
export interface News {
  readonly brought: ReceiptData['brought'];
  readonly results: Results | null;
  /** It ended badly, results included. */
  readonly rejected: Extract<Tracking, { state: 'rejected' }> | null;
}

/** Brings back what a document has by now: what people signed, what the State answered, why it was refused. By what it holds, not by its state alone: a state
 * may have passed unseen. */
export async function bringNews(session: Session, document: Detail, data: ReceiptData, settings: PastellSettings, context: ConnectorContext): Promise<News> {
  const { facts } = data;
  if (document.state === 'rejet-iparapheur') {
    const { reason, results } = await bringRefusal(session, document, facts, context);
    return ended(data, null, { state: 'rejected', reason, results });
  }
  const signature = await signatureNews(session, document, data, settings, context);
  const answer = await answerNews(session, document, data, settings, context);
  const rejection = answer?.state === 'rejected' ? answer : await rejectionOf(session, document, settings, context);
  const proofs = answer === null && rejection === null ? null : await proofsOf(session, document, data, settings, context);
  if (rejection !== null) return ended(data, merged([signature, rejection.results ?? null, proofs]), rejection);
  const brought = [...data.brought, ...(signature === null ? [] : ['signature' as const]), ...(answer === null ? [] : ['transmission' as const])];
  return { brought, results: merged([signature, answer?.results ?? null, proofs]), rejected: null };
}

async function proofsOf(session: Session, { id }: Detail, { route }: ReceiptData, { proofs }: PastellSettings, context: ConnectorContext): Promise<Results | null> {
  const documents = proofs && route.transmit ? await bringProofs(session, id, context) : [];
  return documents.length === 0 ? null : { documents };
}

function ended({ brought }: ReceiptData, results: Results | null, rejected: Extract<Tracking, { state: 'rejected' }>): News {
  return { brought, results: null, rejected: { ...rejected, ...(results !== null && { results }) } };
}

async function signatureNews(session: Session, document: Detail, { route, brought, facts }: ReceiptData, settings: PastellSettings, context: ConnectorContext): Promise<Results | null> {
  if (!route.sign || brought.includes('signature') || !isAfterSignature(document.state)) return null;
  return facts.kind === 'signing' ? bringSigned(session, document, facts.folder, settings, context) : bringSignedAct(session, document, facts, context);
}

async function answerNews(session: Session, document: Detail, { route, brought, facts }: ReceiptData, settings: PastellSettings, context: ConnectorContext): Promise<Extract<Tracking, { state: 'done' | 'rejected' }> | null> {
  if (!route.transmit || brought.includes('transmission') || facts.kind === 'signing') return null;
  if (facts.kind === 'pes') return bringPes(session, document, facts, settings, context);
  const results = await bringAct(session, document, facts, context);
  return results === null ? null : { state: 'done', results };
}

/** A duplicate was transmitted by another way, and may well be accepted there: nobody is told that it was rejected. */
const DUPLICATE = /doublon|d[ée]j[àa]\s|already/iu;

/** States that are a no of the State or of its platform. */
async function rejectionOf(session: Session, document: Detail, settings: PastellSettings, context: ConnectorContext): Promise<Extract<Tracking, { state: 'rejected' }> | null> {
  const { kind } = standingOf(document.state);
  if (kind !== 'rejected' && kind !== 'cancelled') return null;
  const words = wordsOfState(document.state, settings);
  const said = document.message === '' ? words : `${words.replace(/\.$/, '')}${settings.language === 'fr' ? ' : ' : ': '}«${document.message}».`;
  if (document.state === 'tdt-error' && DUPLICATE.test(document.message)) {
    throw new Refused(`${said} It seems to have been transmitted by another way before: look on the platform of tele-transmission what became of that, then settle or cancel this delivery.`);
  }
  const documents: ResultDocument[] = kind === 'cancelled' ? (await fetchAll(session, document, 'aractes_annulation', context)).map((file) => asDocument(file, 'acknowledgement')) : [];
  return { state: 'rejected', reason: said, results: { fields: { transaction: transactionOf(document) }, documents } };
}

/** Null where there is nothing at all. */
export function merged(all: readonly (Results | null)[]): Results | null {
  const given = all.filter((one) => one !== null);
  if (given.length === 0) return null;
  return { fields: Object.assign({}, ...given.map(({ fields }) => fields)) as NonNullable<Results['fields']>, documents: given.flatMap(({ documents }) => documents ?? []) };
}
