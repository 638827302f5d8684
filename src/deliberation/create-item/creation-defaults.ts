import path from 'node:path';
import type { CreateItemRequest, OfferedAnnex } from './create-item-request.js';
import type { Authority } from '../../domain/authority.js';
import type { CreationDefaults } from '../../domain/source.js';
import { findConfig } from '../find-config.js';
import { sourceOf } from '../source-of.js';

/** What a caller asks for, with what its source gets where it says nothing (`sources`, `creation`). A default that the meeting config has
 * no use for is left out: it is the administrator's, and no reason to refuse the caller. */
export function withCreationDefaults(authority: Authority, callerId: string, request: CreateItemRequest): CreateItemRequest {
  const defaults = sourceOf(authority, callerId)?.creation;
  if (defaults === undefined) return request;
  const { creationData: data } = request;
  return {
    ...request,
    proposingGroupId: request.proposingGroupId ?? defaults.proposingGroup ?? undefined,
    creationData: {
      ...data,
      category: data.category ?? defaultCategory(authority, request.meetingConfigId, defaults),
      annexes: data.annexes.map((annex) => (annex.annexTypeId === undefined ? { ...annex, annexTypeId: defaultType(annex, defaults) } : annex)),
    },
  };
}

function defaultCategory(authority: Authority, configId: string | undefined, { category }: CreationDefaults): string | undefined {
  const config = configId === undefined ? undefined : findConfig(authority, configId);
  if (category === null || config?.usedAttributes.has('category') !== true) return undefined;
  return config.categories.some(({ id }) => id === category) ? category : undefined;
}

/** A type that the meeting config does not have becomes its first, as any other. */
function defaultType({ filename }: OfferedAnnex, { annexType, annexTypesByExtension }: CreationDefaults): string | undefined {
  const extension = path.extname(filename ?? '').slice(1).toLowerCase();
  return annexTypesByExtension.get(extension) ?? annexType ?? undefined;
}
