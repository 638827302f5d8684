import type { ConnectorContext, Receipt, Tracking } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { givenUp, missingFolder } from '../../src/signature-book/missing-folder.js';
import type { PastellSettings } from './config.js';
import { UnusableAnswer } from './bring-transmission.js';
import { readDocument } from './documents.js';
import { bringNews } from './news.js';
import { askAgain, takeStep, waiting, type StepParts, type StepTaken } from './next-step.js';
import { pendingAt } from './pending.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { isAtEnd, nextAction } from './route.js';
import { openSession } from './session.js';
import type { Detail } from './shapes.js';
import { standingOf } from './states.js';

/** What is left to do after everything is kept is done soon. */
const SOON_MS = 1_000;

/** Steps of one question: signature, State, document management, archive. */
const MOST_STEPS = 4;

/** Asks what became of a document. What it gives is handed over first, as `pending`; only with the next question does Relais take the step that is
 * due, where it takes each: a step goes on from what is kept here. */
export async function trackDocument(receipt: Receipt, settings: PastellSettings, context: ConnectorContext): Promise<Tracking> {
  const { missingSince, ...data } = dataOf(receipt);
  const session = { ...openSession(settings, context), entity: data.entity };
  let document = await readDocument(session, receipt.reference);
  if (document === null) return missing(receipt.reference, { ...data, ...(missingSince !== undefined && { missingSince }) }, settings, context);
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const told = await lookAt({ session, document, data, settings, context });
    if (!('moved' in told)) return told;
    document = told.moved;
  }
  return pendingAt(document, data, settings, { due: true });
}

/** What a document says now. */
async function lookAt(parts: StepParts): Promise<StepTaken> {
  const { session, document, data, settings, context } = parts;
  const news = await bringNews(session, document, data, settings, context).catch(asUnusable);
  if (news instanceof UnusableAnswer) return waiting(parts, news.message, 'Ask the administrator of Pastell what it is');
  const { brought, results, rejected } = news;
  if (rejected !== null) return rejected;
  const now: ReceiptData = { ...data, brought };
  if (isOver(document, now)) return { state: 'done', ...(results !== null && { results }) };
  if (results !== null) return { ...pendingAt(document, now, settings, { due: true }), results, pollAfterMs: SOON_MS };
  return await goOn({ ...parts, data: now });
}

/** It would be so the next time as well: asked for without end it would count as a Pastell that is down, and hold everything else up. */
function asUnusable(error: unknown): UnusableAnswer {
  if (error instanceof UnusableAnswer) return error;
  throw error;
}

/** All that the route asks for is done and brought back. */
function isOver({ state }: Detail, { route, brought }: ReceiptData): boolean {
  return (!route.sign || brought.includes('signature')) && (!route.transmit || brought.includes('transmission')) && isAtEnd(route, state);
}

async function goOn(parts: StepParts): Promise<StepTaken> {
  const { document, data, settings, context } = parts;
  const { kind, words, next } = standingOf(document.state);
  if (kind === 'stuck') throw new Refused(`${words}${said(document)} ${next ?? 'Look at its page in Pastell'}.`);
  if (kind === 'done') {
    const what = data.route.sign && !data.brought.includes('signature') ? 'what was signed' : 'the answer of the State';
    throw new Refused(`Pastell has ended the document, and shows nothing of ${what}.${said(document)} Look at its page in Pastell; retry once it is there, or settle or cancel this delivery.`);
  }
  if (kind === 'asks-again') return await askAgain(parts, next ?? '');
  if (kind === 'unknown') context.logger.warn('Pastell tells of a state that Relais does not know; the document counts as under way', { state: document.state });
  const action = awaitsAnswer(data, kind) ? null : nextAction(data.route, document.state);
  // The answer may come without that the state moves: no list would tell.
  return action === null ? pendingAt(document, data, settings, { due: awaitsAnswer(data, kind) }) : await takeStep(parts, action);
}

/** «Acknowledged» may come before the answer itself, and nothing is deposited without it. */
function awaitsAnswer({ route, brought }: ReceiptData, kind: string): boolean {
  return kind === 'acknowledged' && route.transmit && !brought.includes('transmission');
}

function said({ message }: Detail): string {
  return message === '' ? '' : ` It says: «${message}».`;
}

function missing(id: string, data: ReceiptData, { lostAfterMs }: PastellSettings, { clock }: ConnectorContext): Tracking {
  const { since, lost } = missingFolder(data.missingSince ?? null, clock.now(), lostAfterMs);
  if (lost) {
    throw new Refused(`Pastell has not known the document «${id}» since ${new Date(since).toISOString()}: it was removed over there, or the account of Relais does not see it any more. Ask what became of it. Where it is visible again, retry; where it is gone for good, settle, resend or cancel this delivery.`);
  }
  return { state: 'pending', note: `It is not found over there; ${givenUp(since, lostAfterMs)}.`, data: { ...data, missingSince: since } satisfies ReceiptData };
}
