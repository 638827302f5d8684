import { createHash } from 'node:crypto';
import type { Announcement, Arrival } from '../connector-api/connector.js';
import type { ItemPlace } from '../domain/item-place.js';
import type { Submission } from '../intake/accept-item.js';
import { itemAtPlace } from '../intake/item-at-place.js';
import type { TakenOnce } from '../intake/store.js';

/** Longer keys are named by their hash: the database takes no more. */
const LONGEST_KEY = 400;

/** By what it is known that an announcement was taken; names of different connectors never meet. */
export function takenKey(connector: string, { key }: Announcement): string {
  return `collect:${connector}/${key.length > LONGEST_KEY ? `sha256:${sha256(key)}` : key}`;
}

/** How an arrival is kept once, and for good: what was collected is not collected again, whatever becomes of it here. */
export function takenOnce(connector: string, announced: Announcement, { documents }: Arrival): TakenOnce {
  return { keys: [takenKey(connector, announced)], content: sha256(documents.map(({ sha256: hash }) => hash).toSorted().join()), forGood: true };
}

export interface ArrivalParts {
  readonly authority: string;
  readonly connector: string;
  readonly place: ItemPlace;
  /** Uid of the item that it is about; null: of none that is known. */
  readonly about: string | null;
  readonly newId: () => string;
  readonly now: number;
}

/** The item that an arrival becomes. */
export function arrivalItem({ key }: Announcement, arrival: Arrival, { authority, connector, place, about, newId, now }: ArrivalParts): Submission {
  const { kind, title, description = '', fields = {}, documents } = arrival;
  const extra = about === null ? fields : { ...fields, manuallyLinkedItems: [about] };
  const submission = itemAtPlace({ kind, title, description, extra, files: documents }, { authority, place, newId, now });
  return {
    ...submission,
    journal: [{ at: now, actor: 'relais', item: submission.item.uid, event: 'item.collected', data: { connector, key } }],
    ...(about !== null && { linkedTo: [about] }),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
