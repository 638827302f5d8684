import { checkIsLinkedOperation } from './check-is-linked.js';
import { createItemOperation } from './create-item.js';
import { getConfigInfosOperation } from './get-config-infos.js';
import { getItemInfosOperation } from './get-item-infos.js';
import { getItemTemplateOperation } from './get-item-template.js';
import { getSingleItemInfosOperation } from './get-single-item-infos.js';
import { getUserInfosOperation } from './get-user-infos.js';
import { meetingsAcceptingItemsOperation } from './meetings-accepting-items.js';
import { searchItemsOperation } from './search-items.js';
import { testConnectionOperation } from './test-connection.js';
import type { DeliberationContext } from '../deliberation/context.js';
import type { SoapOperation } from '../soap/service.js';

/** The ten operations of the WSDL, by name (contracts/ws4pm.md §1.2), for one authority. */
export function ws4pmOperations(context: DeliberationContext): ReadonlyMap<string, SoapOperation> {
  const operations = [
    testConnectionOperation, checkIsLinkedOperation, getConfigInfosOperation, getUserInfosOperation, getItemInfosOperation,
    getSingleItemInfosOperation, getItemTemplateOperation, searchItemsOperation, meetingsAcceptingItemsOperation, createItemOperation,
  ].map((operation) => operation(context));
  return new Map(operations.map((operation) => [operation.name, operation]));
}
