import { requireCaller } from '../deliberation/acting-user.js';
import type { DeliberationContext } from '../deliberation/context.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.2: whoever gets here has authenticated. `dummy` is there for old clients and means nothing. */
export function testConnectionOperation(context: DeliberationContext): SoapOperation {
  return {
    name: 'testConnection',
    handle: (_request, call) => {
      requireCaller(context.authority, call.userId);
      return { connectionState: true, version: context.version };
    },
  };
}
