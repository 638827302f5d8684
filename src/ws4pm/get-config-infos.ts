import { basicInfo } from './basic-info.js';
import { flag, text } from './request-values.js';
import { requireAdvancedRight, requireCaller, requireUser } from '../deliberation/acting-user.js';
import { selectableCategories } from '../deliberation/categories.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { activeOrganisations, takesPart } from '../deliberation/find-config.js';
import type { Authority } from '../domain/authority.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import type { ReplyStruct, SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.4. The configs are the caller's also when the categories are asked for somebody else, and the
 * organisations are all active ones. */
export function getConfigInfosOperation({ authority }: DeliberationContext): SoapOperation {
  return {
    name: 'getConfigInfos',
    handle: (request, call) => {
      const caller = requireCaller(authority, call.userId);
      const selecting = categoriesFor(authority, caller, text(request, 'userToShowCategoriesFor'));
      const showCategories = flag(request, 'showCategories') ?? false;
      return {
        configInfo: authority.meetingConfigs
          .filter((config) => config.active && takesPart(authority, config, caller))
          .map((config) => ({
            ...configInfo(config),
            categories: showCategories ? selectableCategories(authority, config, selecting, caller).map(basicInfo) : [],
          })),
        groupInfo: activeOrganisations(authority).map(basicInfo),
      };
    },
  };
}

/** Asking for a user by name needs the advanced right, even for oneself and even when no category is asked. */
function categoriesFor(authority: Authority, caller: User, userId: string | undefined): User {
  if (userId === undefined) return caller;
  requireAdvancedRight(authority, caller, 'userToShowCategoriesFor');
  return requireUser(authority, userId, 'userToShowCategoriesFor');
}

function configInfo(config: MeetingConfig): ReplyStruct {
  return { ...basicInfo(config), itemPositiveDecidedStates: config.itemPositiveDecidedStates };
}
