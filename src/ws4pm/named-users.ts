import { text } from './request-values.js';
import type { RequestStruct, SoapCall } from '../soap/service.js';

/** Elements of requests that hold the id of a user. */
const USER_ELEMENTS = ['inTheNameOf', 'userId', 'userToShowCategoriesFor'] as const;

/** Ids of the users that a call is about, its own first. They may not exist. */
export function namedUsers(request: RequestStruct, { userId }: SoapCall): string[] {
  return [...new Set([userId, ...USER_ELEMENTS.flatMap((name) => text(request, name) ?? [])])];
}
