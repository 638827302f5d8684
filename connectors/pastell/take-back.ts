import type { Cancelling, ConnectorContext, Receipt } from '../../src/connector-api/connector.js';
import type { PastellSettings } from './config.js';
import { readDocument, removeDocument, runAction } from './documents.js';
import { dataOf } from './receipt.js';
import { openSession, type Session } from './session.js';
import { textOf, type Detail } from './shapes.js';
import { isDraft, standingOf } from './states.js';

/** What has left Pastell is not called back by removing its document there. */
const REMOVABLE: ReadonlySet<string> = new Set(['send-tdt-erreur', 'send-signature-error', 'rejet-iparapheur', 'fatal-error']);

/** Numbers that Pastell is given by the platform of tele-transmission (contracts/pastell.md §5): an operator may end a document by `fatal-error` long after it
 * has left, and may send it again where it failed at first. */
const TRANSACTIONS = ['tedetis_transaction_id', 'pes_tedetis_transaction_id'] as const;

/** Takes a document back: a draft, or one that went nowhere, is removed; of an act that is acknowledged, the prefecture is asked for the cancellation, which it
 * grants later. */
export async function takeBack(receipt: Receipt, settings: PastellSettings, context: ConnectorContext): Promise<Cancelling> {
  const session = { ...openSession(settings, context), entity: dataOf(receipt).entity };
  const document = await readDocument(session, receipt.reference);
  if (document === null) return session.removed.has(receipt.reference) ? 'cancelled' : { tooLate: GONE };
  const { kind, words } = standingOf(document.state);
  if (kind === 'cancelled') return 'cancelled';
  if (wentNowhere(document) && document.possible.includes('supression')) {
    await removeDocument(session, document.id, settings.actionTimeoutMs);
    session.removed.add(document.id);
    return 'cancelled';
  }
  if (document.possible.includes('annulation-tdt')) return await askPrefecture(session, document, settings);
  if (kind === 'in-signature') return { tooLate: 'It is in the signature book: have it refused there' };
  if (kind === 'cancelling') return { tooLate: 'The prefecture was asked to cancel it, and has not answered yet' };
  return { tooLate: `It cannot be taken back any more. ${words}` };
}

/** Documents are removed over there once they are archived, too: that one is not there says nothing of whether it was sent on. */
const GONE = 'It is not in Pastell any more, or not visible to the account of Relais, and may have gone on before: look on the platform of tele-transmission, or in the signature book, what became of it';

function wentNowhere(document: Detail): boolean {
  return isDraft(document.state) || (REMOVABLE.has(document.state) && TRANSACTIONS.every((field) => textOf(document, field) === ''));
}

async function askPrefecture(session: Session, { id, state }: Detail, { actionTimeoutMs }: PastellSettings): Promise<Cancelling> {
  const answer = await runAction(session, id, 'annulation-tdt', actionTimeoutMs);
  const after = await readDocument(session, id);
  if (after === null || standingOf(after.state).kind === 'cancelled') return 'cancelled';
  if (after.state !== state) return { tooLate: 'The prefecture was asked to cancel it; it is cancelled once it answers' };
  return { tooLate: `Pastell did not ask the prefecture to cancel it${answer.ok || answer.words === '' ? '' : `: ${answer.words}`}` };
}
