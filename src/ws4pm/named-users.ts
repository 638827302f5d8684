import { text } from './request-values.js';
import { userMeant } from '../deliberation/source-users.js';
import type { Authority } from '../domain/authority.js';
import type { User } from '../domain/user.js';
import type { RequestStruct, SoapCall } from '../soap/service.js';

/** Elements of requests that hold the id of a user. */
const USER_ELEMENTS = ['inTheNameOf', 'userId', 'userToShowCategoriesFor'] as const;

/** The request with the users that its source means, under their ids here. Asked about nobody, getUserInfos is asked about the account
 * (contracts/wsclient.md §7.2). Throws RELAIS_WS4PM_USER where the source takes only users that are mapped. */
export function withUsersMeant({ sources, users }: Authority, request: RequestStruct, { userId }: SoapCall): RequestStruct {
  const account = users.get(userId);
  if (account === undefined || !sources.has(account.source)) return request;
  const meant: Record<string, string | undefined> = {};
  for (const name of USER_ELEMENTS) {
    const theirs = text(request, name);
    if (theirs !== undefined) meant[name] = userMeant({ sources }, account, theirs, name) ?? (name === 'userId' ? account.id : undefined);
  }
  const creator = text(request, 'Creator');
  if (creator !== undefined) meant['Creator'] = creatorMeant({ sources }, account, creator);
  return { ...request, ...meant };
}

/** A criterion is no claim: who is not mapped is looked for as written. */
function creatorMeant({ sources }: Pick<Authority, 'sources'>, { source, id }: User, theirs: string): string {
  const ours = sources.get(source)?.users.get(theirs.trim());
  return ours === null ? id : ours ?? theirs;
}

/** Ids of the users that a call is about, its own first. They may not exist. */
export function namedUsers(request: RequestStruct, { userId }: SoapCall): string[] {
  return [...new Set([userId, ...USER_ELEMENTS.flatMap((name) => text(request, name) ?? [])])];
}
