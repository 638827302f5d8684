import { text } from './request-values.js';
import { resolveActingUser } from '../deliberation/acting-user.js';
import type { Reading } from '../deliberation/backend.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { sourceOf } from '../deliberation/source-of.js';
import type { RequestStruct, SoapCall } from '../soap/service.js';

/** Whose rights a reading call runs with, from `inTheNameOf` or else the account. Reading as somebody else leaves a line in the log;
 * nothing of it outlives the call. */
export function actingFor({ authority, logger }: DeliberationContext, call: SoapCall, request: RequestStruct, operation: string): Reading {
  const { caller, acting } = resolveActingUser(authority, call.userId, text(request, 'inTheNameOf'));
  if (acting !== caller) {
    logger.info('reading in the name of another user', {
      authority: authority.id, operation, caller: caller.id, acting: acting.id, correlationId: call.correlationId,
    });
  }
  const freshForMs = sourceOf(authority, caller.id)?.freshForMs ?? null;
  return { authority, reader: acting, ...(freshForMs === null ? {} : { freshForMs }) };
}
