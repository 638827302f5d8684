import { itemInfo } from './item-info.js';
import { itemInfosRequest } from './item-infos-request.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { requireItem } from '../deliberation/find-item.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.6: getItemInfos without the wrapper. There is no empty answer that clients could read, so an
 * item that is unknown or not visible is a Client fault (the reference server fails with a Server fault). */
export function getSingleItemInfosOperation(context: DeliberationContext): SoapOperation {
  return {
    name: 'getSingleItemInfos',
    handle: async (request, call) => {
      const { uid, reading, options } = itemInfosRequest(context, call, request, 'getSingleItemInfos');
      return itemInfo(context, await requireItem(context.backend, reading, uid, 'UID'), options);
    },
  };
}
