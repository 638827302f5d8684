import { itemInfo } from './item-info.js';
import { itemInfosRequest } from './item-infos-request.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { findItem } from '../deliberation/find-item.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.6. An item that is unknown or not visible is an empty answer, not a fault. */
export function getItemInfosOperation(context: DeliberationContext): SoapOperation {
  return {
    name: 'getItemInfos',
    handle: async (request, call) => {
      const { uid, reader, options } = itemInfosRequest(context, call, request, 'getItemInfos');
      const read = await findItem(context, reader, uid);
      return { itemInfo: read === undefined ? [] : [itemInfo(context, read, options)] };
    },
  };
}
