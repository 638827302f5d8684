import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { NotSent, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { ApiAnswer } from './api.js';
import type { PastellSettings } from './config.js';
import { readDocument, runAction } from './documents.js';
import type { Session } from './session.js';
import type { Detail } from './shapes.js';
import { isDraft } from './states.js';

/** What the State will never take, told in words (contracts/pastell.md §6: a duplicate is an error of the platform). An action that is under way
 * already («déjà en cours», §1.2) is none of it. */
const NEVER = /doublon|d[ée]j[àa]\s(?!en\s+cours)|already(?!\s+running)/iu;

/** Runs the action that starts a draft: what cannot be taken back. Awaits the mark just before. Resolves where Pastell has gone on with it, be it into an error
 * of its own, which `track` then tells. */
export async function startDraft(session: Session, id: string, action: string, settings: PastellSettings, context: ConnectorContext): Promise<void> {
  const before = await readDocument(session, id);
  if (before === null) throw new NotSent('The draft is not in Pastell any more.');
  if (!before.possible.includes(action)) {
    throw new Refused(`Pastell does not offer «${action}» for the document, which stands at «${before.state}»: it offers ${offered(before)}. Check the right of the account to edit documents of type «${before.type}», its form, and the settings «sign» and «transmit».`);
  }
  await context.markSent();
  const answer = await runAction(session, id, action, settings.actionTimeoutMs);
  if (!answer.ok) await decide(session, id, action, before, answer);
}

/** §6.1: a no says little, so that the document is looked at again. */
async function decide(session: Session, id: string, action: string, before: Detail, { status, words }: Extract<ApiAnswer, { ok: false }>): Promise<void> {
  const said = `Pastell did not run «${action}» (${status})${words === '' ? '' : `: ${words}`}.`;
  const after = await readDocument(session, id).catch((error: unknown) => { throw new OutcomeUnknown(`${said} Then it could not be asked where the document stands.`, { cause: error }); });
  if (after === null) throw new Refused(`${said} The document is not there any more.`);
  if (after.state !== before.state || !isDraft(after.state)) return;
  if (!after.possible.includes(action) || NEVER.test(words)) throw new Refused(`${said} The document lies there as a draft: correct what it says, then retry.`);
  throw new NotSent(`${said} The document still waits to be started.`);
}

function offered({ possible }: Detail): string {
  return possible.length === 0 ? 'nothing' : possible.map((action) => `«${action}»`).join(', ');
}
