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
  /** Nobody declared its uid, it was made of its id: that of a system behind takes its place. */
  readonly uidIsMade?: true;
  /** Other uids that it is known by: of the system behind, where its own is declared, and those from before that system or Relais knew
   * it by another. Items may still have them. */
  readonly otherUids?: readonly string[];
}

/** Every uid that it is known by, its own first. */
export function uidsOf({ uid, otherUids = [] }: Organisation): readonly string[] {
  return [uid, ...otherUids];
}

/** True for its uid and for any other that it is known by. */
export function hasUid({ uid, otherUids }: Organisation, wanted: string | undefined): boolean {
  return wanted === uid || (wanted !== undefined && otherUids?.includes(wanted) === true);
}

/** True if the user is in the sub-group `suffix` of the organisation, or in any of its sub-groups without a suffix. */
export function isMember(organisation: Organisation, userId: string, suffix?: string): boolean {
  if (suffix !== undefined) return Object.hasOwn(organisation.members, suffix) && (organisation.members[suffix]?.includes(userId) ?? false);
  return Object.values(organisation.members).some((users) => users.includes(userId));
}
