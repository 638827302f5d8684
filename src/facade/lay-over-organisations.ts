import type { CouncilOrganisation } from '../connector-api/deliberation.js';
import { uidsOf, type Organisation } from '../domain/organisation.js';
import type { CouncilUsers } from './lay-over.js';
import type { SeenDirectory } from './seen-directory.js';

/** Organisations of both sides as one. */
export interface LaidOver {
  /** Those of over there in their order, then those that only the configuration has. */
  readonly organisations: readonly Organisation[];
  /** The uid that an organisation has now, of any uid that it is known by; what is not known stays. */
  readonly uidOf: (uid: string) => string;
}

/** Organisations of over there take the place of declared ones with the same id, with the uid of over there unless one is declared.
 * One that is gone over there stays, closed unless it is declared, so that what it proposed still has a name. */
export function layOverOrganisations(declared: readonly Organisation[], { directory, formerNames, gone }: SeenDirectory, users: CouncilUsers): LaidOver {
  const taken = new Set<Organisation>();
  const merge = (one: CouncilOrganisation, active: boolean): Organisation => {
    const former = formerNames[one.uid] ?? [];
    const own = declared.find(({ id, uid }) => id === one.id || uid === one.uid || former.includes(id));
    if (own !== undefined) taken.add(own);
    return merged(own, one, former, active);
  };
  const seen = [...directory.organisations.map((one) => merge(one, true)), ...gone.map((one) => merge(one, false))];
  const organisations = [...seen, ...declared.filter((one) => !taken.has(one))];
  const byUid = new Map(organisations.flatMap((organisation) => uidsOf(organisation).map((uid) => [uid, organisation.uid])));
  const uidOf = (uid: string): string => byUid.get(uid) ?? uid;
  return { organisations: withMembers(organisations, users, uidOf), uidOf };
}

function merged(own: Organisation | undefined, { uid, id, title, description }: CouncilOrganisation, former: readonly string[], active: boolean): Organisation {
  if (own === undefined) return named({ uid, id, title, description, active, members: {} }, former);
  const { uidIsMade, otherUids = [], ...kept } = own;
  return named({ ...kept, uid: uidIsMade === true ? uid : own.uid, id, title, description, active: own.active }, [uid, own.uid, own.id, ...otherUids, ...former]);
}

function named(organisation: Organisation, names: readonly string[]): Organisation {
  const others = [...new Set(names)].filter((name) => name !== organisation.uid && name !== organisation.id);
  return others.length === 0 ? organisation : { ...organisation, otherUids: others };
}

function withMembers(organisations: readonly Organisation[], users: CouncilUsers, uidOf: (uid: string) => string): readonly Organisation[] {
  const added = new Map<string, Map<string, Set<string>>>();
  for (const [userId, { memberships }] of users) {
    for (const [organisation, suffixes] of Object.entries(memberships)) {
      const groups = entry(added, uidOf(organisation), () => new Map<string, Set<string>>());
      for (const suffix of suffixes) entry(groups, suffix, () => new Set<string>()).add(userId);
    }
  }
  return organisations.map((organisation) => {
    const groups = added.get(organisation.uid);
    if (groups === undefined) return organisation;
    const members = new Map(Object.entries(organisation.members));
    for (const [suffix, ids] of groups) members.set(suffix, [...new Set([...members.get(suffix) ?? [], ...ids])]);
    return { ...organisation, members: Object.fromEntries(members) };
  });
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
