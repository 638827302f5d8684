import { basicInfo } from './basic-info.js';
import { flag, text } from './request-values.js';
import { requireAdvancedRight, requireCaller, requireUser } from '../deliberation/acting-user.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { activeOrganisations } from '../deliberation/find-config.js';
import { isMember } from '../domain/organisation.js';
import { RelaisError } from '../errors.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.5. Everybody may ask about themselves; about others, who has the advanced right. */
export function getUserInfosOperation({ authority }: DeliberationContext): SoapOperation {
  return {
    name: 'getUserInfos',
    handle: (request, call) => {
      const caller = requireCaller(authority, call.userId);
      const userId = text(request, 'userId');
      if (userId === undefined) throw new RelaisError('RELAIS_WS4PM_USER', 'userId: found nothing, expected the id of an existing user.');
      if (userId !== caller.id) requireAdvancedRight(authority, caller, 'userId of another user');
      const user = requireUser(authority, userId, 'userId');
      const suffix = text(request, 'suffix');
      const showGroups = flag(request, 'showGroups') ?? false;
      return {
        fullname: user.fullname,
        email: user.email,
        groups: showGroups ? activeOrganisations(authority).filter((organisation) => isMember(organisation, user.id, suffix)).map(basicInfo) : [],
      };
    },
  };
}
