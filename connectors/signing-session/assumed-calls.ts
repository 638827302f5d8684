import { Misconfigured, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { LONGEST, type GatewayCall } from './gateway-call.js';
import type { Partner } from './partner.js';
import { jsonOf, readSession } from './session-state.js';

/** What is not public of the partner: how to ask about a session or a document, fetch what was signed and take a session back. These
 * calls are an assumption of ours, a plain REST shape beside the call that is known (README «What is assumed»). */
export function assumedCalls({ who, call, failure }: GatewayCall): Pick<Partner, 'findDocument' | 'state' | 'signedDocument' | 'cancel'> {
  /** The text of an answer; null where it says in words that there is none. */
  async function told(path: string): Promise<string | null> {
    const answer = await call(path, { method: 'GET' });
    if (answer.status === 404) return requireAbsent(answer, who);
    if (answer.status !== 200) throw await failure(answer);
    return answer.text(LONGEST);
  }

  return {
    async findDocument(code) {
      const text = await told(`/documents/${encodeURIComponent(code)}`);
      if (text === null) return null;
      const session = readSession(text);
      if (session === null) throw new OutcomeUnknown(`${who} was asked about a document and answered something that names no session.`);
      // What was not created can be sent again.
      return session.phase === 'failed' ? null : session.id;
    },
    async state(sessionId) {
      const text = await told(`/${encodeURIComponent(sessionId)}`);
      if (text === null) return null;
      const session = readSession(text);
      if (session?.id !== sessionId) throw new OutcomeUnknown(`${who} was asked about session ${sessionId} and answered about ${session === null ? 'none' : session.id}.`);
      return session;
    },
    async signedDocument(sessionId, code, size) {
      const answer = await call(`/${encodeURIComponent(sessionId)}/documents/${encodeURIComponent(code)}`, { method: 'GET', headers: { accept: 'application/pdf' } }, size);
      if (answer.status !== 200) throw notYet(await failure(answer));
      return answer.body as AsyncIterable<Uint8Array>;
    },
    async cancel(sessionId) {
      const answer = await call(`/${encodeURIComponent(sessionId)}`, { method: 'DELETE' });
      if (answer.status === 404) {
        await requireAbsent(answer, who);
        return 'cancelled';
      }
      if (answer.status !== 409 && (answer.status < 200 || answer.status > 299)) throw await failure(answer);
      answer.body.destroy();
      return answer.status === 409 ? 'too-late' : 'cancelled';
    },
  };
}

/** A bare 404 may come from a wrong address, and proves nothing. */
async function requireAbsent(answer: HttpAnswer, who: string): Promise<null> {
  const said = jsonOf(await answer.text(LONGEST));
  if (typeof said === 'object' && said !== null && 'status' in said && said.status === 'absent') return null;
  throw new OutcomeUnknown(`${who} answered 404, and did not say in words that there is none.`);
}

/** A document that cannot be had today may be had tomorrow: that is no reason to give the session up. */
function notYet(failure: Error): Error {
  return failure instanceof Refused || failure instanceof Misconfigured ? new OutcomeUnknown(`A signed document cannot be had yet. ${failure.message}`, { cause: failure }) : failure;
}
