import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { NotSent, Refused } from '../../src/connector-api/failures.js';
import type { PastellSettings } from './config.js';
import { readDocument, runAction } from './documents.js';
import { pendingAt } from './pending.js';
import type { ReceiptData } from './receipt.js';
import type { Session } from './session.js';
import type { Detail } from './shapes.js';

/** How often a step that Pastell does not take is tried, with the engine's pauses between, before a person is called. */
const MOST_TRIES = 12;

/** A document and what is known of it. */
export interface StepParts {
  readonly session: Session;
  /** As it was read a moment ago. */
  readonly document: Detail;
  readonly data: ReceiptData;
  readonly settings: PastellSettings;
  readonly context: ConnectorContext;
}

/** The document stands elsewhere now, and is to be looked at again; or it waits. */
export type StepTaken = Tracking | { readonly moved: Detail };

/** Takes the step that is due. Harmless however often it is asked for: the document was read before, Pastell offers an action only where it was not
 * taken, runs one at a time for a document, and what counts is where the document stands afterwards (contracts/pastell.md §4.5, §6.1). */
export async function takeStep(parts: StepParts, action: string): Promise<StepTaken> {
  const { document } = parts;
  if (!document.possible.includes(action)) return waiting(parts, `Pastell does not offer «${action}» for it yet.`, `Look at its page in Pastell: «${action}» is due, and Pastell does not offer it to the account of Relais`);
  const { after, words } = await run(parts, action);
  if (after.state !== document.state) return { moved: after };
  return waiting(parts, `Pastell did not run «${action}»${words}.`, `Correct what it says in Pastell: «${action}» is due`);
}

/** Has Pastell ask the other side again. §6.1: a no only means that there is nothing yet. */
export async function askAgain(parts: StepParts, action: string): Promise<StepTaken> {
  const { document } = parts;
  const stands = document.message === '' ? '' : ` It says: «${document.message}».`;
  const after = document.possible.includes(action) ? (await run(parts, action)).after : document;
  if (after.state !== document.state) return { moved: after };
  return waiting(parts, `It is told to ask again.${stands}`, `Look at its page in Pastell, and have the connector over there repaired${stands}`);
}

async function run({ session, document, settings }: StepParts, action: string): Promise<{ readonly after: Detail; readonly words: string }> {
  const answer = await runAction(session, document.id, action, settings.actionTimeoutMs);
  const after = await readDocument(session, document.id);
  if (after === null) throw new NotSent('The document went away while it was acted on.');
  return { after, words: answer.ok || answer.words === '' ? '' : `: ${answer.words}` };
}

/** Pending, and looked at in any case; after MOST_TRIES in a row a person is called: throws Refused with `fix`. */
export function waiting({ document, data, settings }: Pick<StepParts, 'document' | 'data' | 'settings'>, words: string, fix: string): Tracking {
  const tries = (data.askedAgain ?? 0) + 1;
  if (tries > MOST_TRIES) throw new Refused(`${words} It was tried ${MOST_TRIES} times. ${fix}; then retry.`);
  return pendingAt(document, data, settings, { due: true, words, tries });
}
