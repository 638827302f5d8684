import { checkIsLinkedOperation } from './check-is-linked.js';
import { createItemOperation } from './create-item.js';
import { getConfigInfosOperation } from './get-config-infos.js';
import { getItemInfosOperation } from './get-item-infos.js';
import { getItemTemplateOperation } from './get-item-template.js';
import { getSingleItemInfosOperation } from './get-single-item-infos.js';
import { getUserInfosOperation } from './get-user-infos.js';
import { meetingsAcceptingItemsOperation } from './meetings-accepting-items.js';
import { namedUsers, withUsersMeant } from './named-users.js';
import { searchItemsOperation } from './search-items.js';
import { testConnectionOperation } from './test-connection.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { rememberRecentItems } from '../deliberation/create-item/recent-items.js';
import type { Authority } from '../domain/authority.js';
import type { SoapOperation } from '../soap/service.js';

/** The authority in which these users are known, as far as they exist. */
export type AuthorityFor = (userIds: readonly string[]) => Promise<Authority>;

/** The ten operations of the WSDL, by name (contracts/ws4pm.md §1.2), for one authority. Each call works on the authority that
 * `authorityFor` gives for the users that it names; without it, on that of the context. */
export function ws4pmOperations(context: DeliberationContext, authorityFor: AuthorityFor = () => Promise.resolve(context.authority)): ReadonlyMap<string, SoapOperation> {
  const recent = rememberRecentItems(context.clock);
  const operations = [
    testConnectionOperation, checkIsLinkedOperation, getConfigInfosOperation, getUserInfosOperation, getItemInfosOperation,
    getSingleItemInfosOperation, getItemTemplateOperation, searchItemsOperation, meetingsAcceptingItemsOperation,
    (own: DeliberationContext) => createItemOperation(own, recent),
  ];
  return new Map(operations.map((make) => {
    const { name } = make(context);
    return [name, {
      name,
      async handle(request, call) {
        const meant = withUsersMeant(context.authority, request, call);
        const authority = await authorityFor(namedUsers(meant, call));
        return make({ ...context, authority }).handle(meant, call);
      },
    }];
  }));
}
