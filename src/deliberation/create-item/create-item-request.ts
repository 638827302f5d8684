import type { StagedBlob } from '../../blobs/blob-store.js';

/** A file offered with a new item. `annexTypeId` is the short id; the `id` that callers may send has no use. */
export interface OfferedAnnex {
  readonly title: string | undefined;
  readonly annexTypeId: string | undefined;
  readonly filename: string | undefined;
  readonly file: StagedBlob | undefined;
}

/** The child creationData (contracts/ws4pm.md §2.2). Strings are trimmed and never empty. */
export interface CreationData {
  readonly title: string | undefined;
  readonly category: string | undefined;
  readonly description: string | undefined;
  readonly detailedDescription: string | undefined;
  readonly motivation: string | undefined;
  readonly decision: string | undefined;
  readonly preferredMeeting: string | undefined;
  readonly associatedGroups: readonly string[];
  readonly groupsInCharge: readonly string[];
  readonly optionalAdvisers: readonly string[];
  readonly toDiscuss: boolean | undefined;
  readonly externalIdentifier: string | undefined;
  readonly extraAttrs: readonly { readonly key: string; readonly value: string }[];
  readonly annexes: readonly OfferedAnnex[];
}

/** What createItem is asked (contracts/ws4pm.md §2.1). */
export interface CreateItemRequest {
  readonly meetingConfigId: string | undefined;
  readonly proposingGroupId: string | undefined;
  readonly creationData: CreationData;
  readonly cleanHtml: boolean;
  readonly wfTransitions: readonly string[];
  readonly inTheNameOf: string | undefined;
}
