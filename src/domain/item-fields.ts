/** `text`: one line or a code; `rich`: HTML. */
export type ItemFieldKind = 'rich' | 'text' | 'boolean' | 'integer' | 'list';

/** `managers`: the meeting managers of the config and global Managers. `proposers`: also the members of the proposing
 * organisation. */
export type ItemFieldReaders = 'everyone' | 'managers' | 'proposers';

export interface ItemField {
  readonly kind: ItemFieldKind;
  readonly readers: ItemFieldReaders;
}

function everyone(kind: ItemFieldKind, ...names: string[]): [string, ItemField][] {
  return names.map((name) => [name, { kind, readers: 'everyone' }]);
}

function managers(kind: ItemFieldKind, ...names: string[]): [string, ItemField][] {
  return names.map((name) => [name, { kind, readers: 'managers' }]);
}

/** Fields that are hidden together with the decision while it is being written. */
export const DECISION_PARTS: ReadonlySet<string> = new Set(['decisionSuite', 'decisionEnd', 'votesResult']);

/** Every field of an item that the `extraInfos` of contracts/ws4pm.md §5.2 name, by its ws4pm name. The reference server
 * shows them all to whoever sees the item; the readers here are ours: what meeting managers write for themselves stays
 * with them, and internal notes with the proposers. */
export const ITEM_FIELDS: ReadonlyMap<string, ItemField> = new Map<string, ItemField>([
  ...everyone('integer', 'itemNumber'),
  ...everyone('boolean', 'budgetRelated', 'oralQuestion', 'toDiscuss', 'isAcceptableOutOfMeeting', 'sendToAuthority', 'itemIsSigned'),
  ...everyone(
    'text', 'itemReference', 'proposingGroup', 'proposingGroupWithGroupInCharge', 'classifier', 'listType', 'emergency',
    'preferredMeeting', 'meetingDeadlineDate', 'itemKeywords', 'meetingTransitionInsertingMe', 'itemAssembly',
    'itemAssemblyExcused', 'itemAssemblyAbsents', 'itemAssemblyGuests', 'itemSignatures', 'pollType', 'privacy',
    'completeness', 'takenOverBy', 'otherMeetingConfigsClonableToFieldTitle',
  ),
  ...everyone(
    'list', 'groupsInCharge', 'associatedGroups', 'committees', 'itemTags', 'optionalAdvisers', 'itemInitiator',
    'templateUsingGroups', 'copyGroups', 'restrictedCopyGroups', 'manuallyLinkedItems', 'otherMeetingConfigsClonableTo',
    'otherMeetingConfigsClonableToEmergency', 'otherMeetingConfigsClonableToPrivacy',
  ),
  ...everyone(
    'rich', 'budgetInfos', 'motivation', 'decisionSuite', 'decisionEnd', 'votesResult', 'marginalNotes', 'observations',
    'pollTypeObservations', 'committeeObservations', 'otherMeetingConfigsClonableToFieldDescription',
    'otherMeetingConfigsClonableToFieldDetailedDescription', 'otherMeetingConfigsClonableToFieldMotivation',
    'otherMeetingConfigsClonableToFieldDecision', 'otherMeetingConfigsClonableToFieldDecisionSuite',
    'otherMeetingConfigsClonableToFieldDecisionEnd',
  ),
  ...managers(
    'rich', 'inAndOutMoves', 'notes', 'meetingManagersNotes', 'meetingManagersNotesSuite', 'meetingManagersNotesEnd',
    'committeeTranscript', 'votesObservations',
  ),
  ...managers('text', 'textCheckList'),
  ['internalNotes', { kind: 'rich', readers: 'proposers' }],
]);

/** Children of creationData: as the key of an extraAttr they are passed over in silence, even when the child itself is
 * absent (contracts/ws4pm.md §4.2). */
export const CREATION_DATA_FIELDS: ReadonlySet<string> = new Set([
  'title', 'category', 'description', 'detailedDescription', 'motivation', 'decision', 'preferredMeeting', 'associatedGroups',
  'groupsInCharge', 'optionalAdvisers', 'toDiscuss', 'externalIdentifier', 'extraAttrs', 'annexes',
]);

/** Children of `extraInfos` that are computed (contracts/ws4pm.md §5.2). */
export const COMPUTED_INFOS = ['meeting_config_id', 'meeting_config_title', 'review_state_translated', 'category_title', 'creator_fullname'] as const;

const TAKEN_NAMES: ReadonlySet<string> = new Set([...ITEM_FIELDS.keys(), ...CREATION_DATA_FIELDS, ...COMPUTED_INFOS]);

/** Whether an item may have a field of this name beyond those of ws4pm: callers get it as an XML element. */
export function isOwnFieldName(name: string): boolean {
  return /^(?!xml)[A-Za-z_][A-Za-z0-9_.-]{0,99}$/i.test(name) && !TAKEN_NAMES.has(name);
}
