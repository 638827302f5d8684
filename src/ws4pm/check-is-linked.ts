import { text } from './request-values.js';
import { requireAdvancedRight, requireCaller } from '../deliberation/acting-user.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { requireConfig } from '../deliberation/find-config.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.3. Looks at every item, whoever may see it, which is why it needs the advanced right. No
 * identifier is linked to nothing. */
export function checkIsLinkedOperation({ authority, backend }: DeliberationContext): SoapOperation {
  return {
    name: 'checkIsLinked',
    handle: async (request, call) => {
      requireAdvancedRight(authority, requireCaller(authority, call.userId), 'checkIsLinked');
      const configId = text(request, 'meetingConfigId');
      const config = configId === undefined ? null : requireConfig(authority, configId);
      const identifier = text(request, 'externalIdentifier');
      return { isLinked: identifier !== undefined && await backend.isLinked(authority, identifier, config?.id ?? null) };
    },
  };
}
