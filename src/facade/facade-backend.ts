import type { Backend } from '../deliberation/backend.js';
import { backedConfigs } from './backed-configs.js';
import { annexContent, makeDocument } from './documents.js';
import { findItem, type FindParts } from './find-item.js';
import { isLinked } from './is-linked.js';
import { createLook, type LookParts } from './look.js';
import { searchItems } from './search-items.js';

/** `embedded`: the ledger, for what is decided on here and what is not over there. */
export type FacadeParts = Omit<FindParts, 'look'> & LookParts;

/** A backend that asks other systems, and so has to be ended. */
export interface FacadeBackend extends Backend {
  /** Keeps what was read and is not kept yet. */
  settled(): Promise<void>;
  /** Gives up the questions that are under way. */
  stop(): void;
}

/** Reads the items of one authority where they are: in the ledger, or in the systems behind its meeting configs. */
export function createFacadeBackend(parts: FacadeParts): FacadeBackend {
  const { embedded } = parts;
  const look = createLook(parts);
  const all = { ...parts, look };
  return {
    find: (reading, uid) => (backedConfigs(reading.authority).length === 0 ? embedded.find(reading, uid) : findItem(all, reading, uid)),
    search: (reading, criteria) => (backedConfigs(reading.authority).length === 0 ? embedded.search(reading, criteria) : searchItems(all, reading, criteria)),
    isLinked: (authority, externalIdentifier, configId) => (backedConfigs(authority).length === 0
      ? embedded.isLinked(authority, externalIdentifier, configId) : isLinked(all, authority, externalIdentifier, configId)),
    makeDocument: (read, templateId) => makeDocument(all, read, templateId),
    annexContent: (read, annex) => annexContent(all, read, annex),
    settled: () => look.settled(),
    stop: () => { look.stop(); },
  };
}
