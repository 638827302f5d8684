import { mediaTypeOf } from '../domain/media-types.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import { fileUrlId } from '../domain/url-id.js';
import { CouncilRefusal } from './council-refusal.js';
import type { AnnexDraft, AnnexFlags, CreationWarning, DeskAnnex, DeskItem } from './desk-item.js';
import { annexTypes } from './town-rights.js';

const NO_FLAGS: AnnexFlags = { confidential: false, toPrint: false, toSign: false, signed: false, publishable: false };

export interface NewAnnexParts {
  readonly config: MeetingConfig;
  readonly user: User;
  readonly now: number;
  readonly newId: () => string;
}

/** The item with one file more. An annex type that is not there is refused, or replaced by the first one where that is allowed. */
export function withAnnex(item: DeskItem, draft: AnnexDraft, unknownType: 'refused' | 'replaced', { config, user, now, newId }: NewAnnexParts): { readonly item: DeskItem; readonly annex: DeskAnnex; readonly warnings: readonly CreationWarning[] } {
  const relatedTo = draft.relatedTo ?? 'item';
  const types = annexTypes(config, relatedTo);
  const wanted = draft.typeId === undefined ? types[0] : types.find(({ id }) => id === draft.typeId);
  const type = wanted ?? (unknownType === 'replaced' ? types[0] : undefined);
  if (type === undefined) throw new CouncilRefusal('annex-type', `Value of "content_category" not found: "${draft.typeId ?? ''}".`);
  const annex: DeskAnnex = {
    uid: newId(), id: fileUrlId(draft.filename, new Map(item.annexes.map(({ id }) => [id, 0]))), title: draft.title, description: draft.description ?? '',
    typeId: type.id, relatedTo, filename: draft.filename, mediaType: draft.mediaType ?? mediaTypeOf(draft.filename), size: draft.size, sha256: draft.sha256,
    creator: user.id, createdAt: now, flags: { ...NO_FLAGS, ...draft.flags },
  };
  const warnings = wanted === undefined ? [{ kind: 'annex-type', title: draft.title, typeId: draft.typeId ?? '' } as const] : [];
  return { item: { ...item, annexes: [...item.annexes, annex], modifiedAt: now }, annex, warnings };
}
