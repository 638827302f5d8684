import type { CouncilDirectory, CouncilOrganisation } from '../connector-api/deliberation.js';

/** What a system behind is made of as it was seen last, and what was seen of it before that items may still have. Plain JSON, as it is kept. */
export interface SeenDirectory {
  /** Of this writing; another one is not read. */
  readonly form: 1;
  readonly directory: CouncilDirectory;
  /** Uids and ids that an organisation had before, by its uid now: an upgrade over there may give new ones. */
  readonly formerNames: Readonly<Record<string, readonly string[]>>;
  /** Organisations that are not there any more. */
  readonly gone: readonly CouncilOrganisation[];
}

/** An upgrade happens now and then, not daily. */
const MOST_FORMER_NAMES = 10;
const MOST_GONE = 1000;

/** What is seen now, after what was seen before; an organisation with the same id or the same uid is the same one. */
export function seeAgain(before: SeenDirectory | null, directory: CouncilDirectory): SeenDirectory {
  const earlier = before === null ? [] : [...before.directory.organisations, ...before.gone];
  const namesOf = (one: CouncilOrganisation): readonly string[] => [one.uid, one.id, ...before?.formerNames[one.uid] ?? []];
  const byId = new Map(earlier.map((one) => [one.id, one]));
  const byUid = new Map(earlier.map((one) => [one.uid, one]));
  const still = new Set<CouncilOrganisation>();
  const formerNames: Record<string, readonly string[]> = {};
  for (const now of directory.organisations) {
    const same = [byUid.get(now.uid), byId.get(now.id)].filter((one) => one !== undefined);
    for (const one of same) still.add(one);
    const former = [...new Set(same.flatMap(namesOf))].filter((name) => name !== now.uid && name !== now.id);
    if (former.length > 0) formerNames[now.uid] = former.slice(0, MOST_FORMER_NAMES);
  }
  const gone = earlier.filter((one) => !still.has(one)).slice(0, MOST_GONE);
  for (const { uid } of gone) if (before?.formerNames[uid] !== undefined) formerNames[uid] = before.formerNames[uid];
  return { form: 1, directory, formerNames, gone };
}

/** Nothing was seen yet. */
export const NOTHING_SEEN: SeenDirectory = { form: 1, directory: { version: '', configs: [], organisations: [] }, formerNames: {}, gone: [] };

/** A kept copy that this version can read. */
export function readSeen(value: unknown): SeenDirectory | null {
  return typeof value === 'object' && value !== null && 'form' in value && value.form === 1 ? value as SeenDirectory : null;
}
