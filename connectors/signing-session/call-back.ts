import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CallBack } from '../../src/connector-api/connector.js';
import { jsonOf } from './session-state.js';

/** Last element of the address that the partner calls about a session: nobody can make one without the secret, and whoever learns one
 * can do no more than have that session asked about. */
export function callBackToken(secret: string, sessionId: string): string {
  return `${sessionId}.${createHmac('sha256', secret).update(sessionId).digest('base64url')}`;
}

/** Which session a call is about. What it says of it is not believed: it may come twice, late or out of order, and the partner is asked
 * instead. */
export function receiveCallBack({ token, body }: Pick<CallBack, 'token' | 'body'>, secret: string): { readonly references: readonly string[] } | 'not-authentic' | 'not-understood' {
  const [id = ''] = token.split('.', 1);
  const expected = Buffer.from(callBackToken(secret, id));
  const given = Buffer.from(token);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'not-authentic';
  return sessionIn(body) === id ? { references: [id] } : 'not-understood';
}

function sessionIn(body: Buffer): unknown {
  const told = jsonOf(body.toString('utf8'));
  return typeof told === 'object' && told !== null && 'app_session_id' in told ? told.app_session_id : undefined;
}
