import type { SourceSettings } from '../domain/source.js';
import { NO_PROFILE, SOURCE_PROFILES, type SourceProfile } from './source-profiles.js';
import type { SourceEntry } from './source-schema.js';

/** How an application is understood and answered: what its entry says over what its profile says. */
export function buildSource(entry: SourceEntry): SourceSettings {
  const profile: SourceProfile = entry.profile === undefined ? NO_PROFILE : SOURCE_PROFILES[entry.profile];
  const { category = null, annexType = null, proposingGroup = null, annexTypesByExtension } = entry.creation;
  return {
    id: entry.id,
    users: new Map([...profile.users, ...Object.entries(entry.users).map(([theirs, ours]) => [theirs.trim(), ours] as const)]),
    unmapped: entry.unmapped ?? profile.unmapped,
    creation: {
      category, annexType, proposingGroup,
      annexTypesByExtension: new Map(Object.entries(annexTypesByExtension).map(([extension, type]) => [extension.toLowerCase(), type])),
    },
    states: new Map([...profile.states, ...Object.entries(entry.states)]),
    freshForMs: entry.freshFor ?? profile.freshForMs,
    omitsEmptyTexts: profile.omitsEmptyTexts,
  };
}
