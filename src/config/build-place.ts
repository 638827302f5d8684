import type { ItemPlace } from '../domain/item-place.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import type { PlaceEntry } from './place-schema.js';

/** What a place needs to know of its authority. */
export interface PlaceSurroundings {
  readonly users: ReadonlyMap<string, User>;
  readonly meetingConfigs: readonly MeetingConfig[];
  /** The uid of an organisation named by id or uid. */
  readonly organisationUid: (name: string) => string;
}

/** Turns a checked entry into the place. */
export function buildPlace({ account, meetingConfig, organisation, annexType }: PlaceEntry, { users, meetingConfigs, organisationUid }: PlaceSurroundings): ItemPlace {
  const config = meetingConfigs.find(({ id }) => id === meetingConfig);
  return {
    creator: account,
    source: users.get(account)?.source ?? account,
    configId: meetingConfig,
    organisation: organisationUid(organisation),
    annexType: annexType ?? config?.annexTypes.find(({ relatedTo }) => relatedTo === 'item')?.id ?? '',
    reviewState: config?.workflow.initial ?? '',
  };
}
