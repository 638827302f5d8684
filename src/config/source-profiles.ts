import type { SourceSettings } from '../domain/source.js';

/** What a profile says where an entry of `sources:` says nothing. */
export type SourceProfile = Pick<SourceSettings, 'users' | 'unmapped' | 'states' | 'freshForMs' | 'omitsEmptyTexts'>;

/** An application that nothing special is known of. */
export const NO_PROFILE: SourceProfile = { users: new Map(), unmapped: 'same', states: new Map(), freshForMs: null, omitsEmptyTexts: false };

const MINUTE = 60_000;

/** Applications whose habits are known. */
export const SOURCE_PROFILES = {
  /** urban (contracts/wsclient.md §8.2). It knows three decisions by name, compares the first item's state with them, and polls without a
   * person, as whoever runs the job: the administrator of its own site, who is nobody here. An empty text stops its documents. Files
   * come without a type and so get the first of the meeting config, as for everybody. */
  urban: {
    users: new Map([['admin', null], ['siteadmin', null]]),
    unmapped: 'same',
    states: new Map([['accepted_out_of_meeting', 'accepted'], ['accepted_out_of_meeting_emergency', 'accepted']]),
    freshForMs: 5 * MINUTE,
    omitsEmptyTexts: true,
  },
  /** iA.Docs (contracts/wsclient.md §8.1). It shows what it reads to people, who look for what has just changed; its own set-up sends as
   * `admin`. */
  docs: { ...NO_PROFILE, users: new Map([['admin', null]]) },
} as const satisfies Readonly<Record<string, SourceProfile>>;
