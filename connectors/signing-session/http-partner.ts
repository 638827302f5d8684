import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { assumedCalls } from './assumed-calls.js';
import type { SigningSessionSettings } from './config.js';
import { createRequest } from './create-request.js';
import { gatewayCall, LONGEST } from './gateway-call.js';
import type { Partner } from './partner.js';
import { isCreationFailure, jsonOf } from './session-state.js';

/** The partner over HTTP. Handing over is as it is publicly known; all else is assumed (assumed-calls.ts). */
export function httpPartner(settings: SigningSessionSettings, context: ConnectorContext): Partner {
  const gateway = gatewayCall(settings, context);
  return {
    async check() {
      const answer = await gateway.call('', { method: 'GET' });
      const failure = await gateway.failure(answer);
      // It is there and lets us in; that it wants something else than a question is no matter.
      if (answer.status < 300 || answer.status === 405 || failure instanceof Refused) return;
      throw failure;
    },
    async createSession(session) {
      const bytes = session.documents.reduce((sum, { annex }) => sum + annex.size, 0);
      const answer = await gateway.call('', createRequest(session, settings, context), bytes);
      if (answer.status === 409) {
        answer.body.destroy();
        return 'taken';
      }
      if (answer.status < 200 || answer.status > 299) throw await gateway.failure(answer);
      requireAccepted(await answer.text(LONGEST), answer, gateway.who);
      return 'accepted';
    },
    ...assumedCalls(gateway),
  };
}

/** A success that is a web page comes from something in between; one with a code of failure is none. */
function requireAccepted(text: string, { headers }: HttpAnswer, who: string): void {
  if ((headers['content-type'] ?? '').includes('html')) throw new OutcomeUnknown(`${who} answered with a web page.`);
  const answer = jsonOf(text);
  if (typeof answer !== 'object' || answer === null || !('code' in answer)) return;
  const words = 'message' in answer && typeof answer.message === 'string' ? answer.message.replace(/\.$/, '') : 'no reason was given';
  if (isCreationFailure(Number(answer.code))) throw new Refused(`The session was not created (code ${String(answer.code)}): ${words}.`);
}
