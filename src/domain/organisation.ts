/** A department that proposes items. Its members stand in sub-groups named by a suffix (`creators`, `reviewers`,
 * `observers`, `advisers`, …), as in contracts/ws4pm.md §3.5. */
export interface Organisation {
  readonly uid: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly active: boolean;
  /** sub-group suffix → ids of the users in it */
  readonly members: Readonly<Record<string, readonly string[]>>;
}

/** True if the user is in the sub-group `suffix` of the organisation, or in any of its sub-groups without a suffix. */
export function isMember(organisation: Organisation, userId: string, suffix?: string): boolean {
  if (suffix !== undefined) return Object.hasOwn(organisation.members, suffix) && (organisation.members[suffix]?.includes(userId) ?? false);
  return Object.values(organisation.members).some((users) => users.includes(userId));
}
