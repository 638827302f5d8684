import { itemInfo } from './item-info.js';
import { itemInfosRequest } from './item-infos-request.js';
import type { DeliberationContext } from '../deliberation/context.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.6. An item that is unknown or not visible is an empty answer, not a fault. */
export function getItemInfosOperation(context: DeliberationContext): SoapOperation {
  return {
    name: 'getItemInfos',
    handle: async (request, call) => {
      const { uid, reading, options } = itemInfosRequest(context, call, request, 'getItemInfos');
      const read = await context.backend.find(reading, uid);
      return { itemInfo: read === undefined ? [] : [itemInfo(context, read, options)] };
    },
  };
}
