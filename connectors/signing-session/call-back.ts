import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CallBack } from '../../src/connector-api/connector.js';
import { jsonOf, readSession } from './session-state.js';

/** Last element of the address that the partner calls about a session: nobody can make it without the secret, and whoever learns
 * one can do no more than have that session asked about. */
export function callBackToken(secret: string, sessionId: string): string {
  return createHmac('sha256', secret).update(sessionId).digest('base64url');
}

/** Which session a call is about. What it says of it is not believed: it may come twice, late or out of order, and the partner is asked
 * instead. */
export function receiveCallBack({ token, body }: Pick<CallBack, 'token' | 'body'>, secret: string): { readonly references: readonly string[] } | 'not-authentic' | 'not-understood' {
  const text = body.toString('utf8');
  const id = readSession(text)?.id ?? idOf(text);
  if (id === undefined) return 'not-understood';
  const expected = Buffer.from(callBackToken(secret, id));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected) ? { references: [id] } : 'not-authentic';
}

/** Of a call whose other members are not what they should be. */
function idOf(text: string): string | undefined {
  const told = jsonOf(text);
  const id = typeof told === 'object' && told !== null && 'app_session_id' in told ? told.app_session_id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
