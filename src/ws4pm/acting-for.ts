import { text } from './request-values.js';
import { resolveActingUser } from '../deliberation/acting-user.js';
import type { DeliberationContext } from '../deliberation/context.js';
import type { User } from '../domain/user.js';
import type { RequestStruct, SoapCall } from '../soap/service.js';

/** The user whose rights a reading call runs with, from `inTheNameOf` or else the account. Reading as somebody else
 * leaves a line in the log; nothing of it outlives the call. */
export function actingFor(context: DeliberationContext, call: SoapCall, request: RequestStruct, operation: string): User {
  const { caller, acting } = resolveActingUser(context.authority, call.userId, text(request, 'inTheNameOf'));
  if (acting !== caller) {
    context.logger.info('reading in the name of another user', {
      authority: context.authority.id, operation, caller: caller.id, acting: acting.id, correlationId: call.correlationId,
    });
  }
  return acting;
}
