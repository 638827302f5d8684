import { z } from 'zod';
import { ADVANCES, type Advance } from './config.js';
import { standingOf, type StateKind } from './states.js';

/** Where a document goes in Pastell, in this order (contracts/pastell.md §7). */
export const route = z.object({
  sign: z.boolean(),
  transmit: z.boolean(),
  deposit: z.boolean(),
  mail: z.boolean(),
  archive: z.boolean(),
  /** Who takes each step. */
  advance: z.enum(ADVANCES),
});

export type Route = z.infer<typeof route>;

/** The fields that say it; of several names, documents of a type have one (§5). */
const FLAGS: readonly (readonly [part: 'sign' | 'transmit' | 'deposit' | 'mail' | 'archive', names: readonly string[]])[] = [
  ['sign', ['envoi_signature']],
  ['transmit', ['envoi_tdt', 'envoi_tdt_actes', 'envoi_tdt_helios']],
  ['deposit', ['envoi_ged', 'envoi_ged_1', 'envoi_depot']],
  ['mail', ['envoi_mailsec']],
  ['archive', ['envoi_sae']],
];

/** The actions by which Relais takes a step, and the kind of state that the step before it ends with. */
const ACTIONS = [['sign', 'send-iparapheur'], ['transmit', 'send-tdt'], ['deposit', 'send-ged'], ['archive', 'send-archive']] as const;

/** Who takes the steps of a document type where the settings do not say it (§6). */
export function usualAdvance(type: string): Advance {
  if (type.endsWith('-automatique')) return 'first';
  return type === 'pdf-generique' || type.startsWith('ls-') ? 'orientation' : 'each';
}

/** Checkboxes of a route, by the names that the type has; what is not wanted is cleared. */
export function flagsOf(way: Route, has: ReadonlySet<string>): Readonly<Record<string, string>> {
  return Object.fromEntries(FLAGS.flatMap(([part, names]) => {
    const name = names.find((one) => has.has(one));
    if (name !== undefined) return [[name, way[part] ? '1' : '']];
    return way[part] && part !== 'sign' ? [[names[0] ?? '', '1']] : [];
  }));
}

/** The action that starts a document. */
export function firstAction(way: Route): string {
  if (way.advance === 'orientation') return 'orientation';
  return ACTIONS.find(([part]) => way[part])?.[1] ?? 'orientation';
}

/** Kinds of state that say that a step is behind. */
const BEHIND: Readonly<Partial<Record<StateKind, number>>> = { signed: 1, acknowledged: 2, answering: 2, deposited: 3, archived: 4 };

/** The action that Relais must take now; null where it is none of its affairs, or something is under way. */
export function nextAction(way: Route, state: string): string | null {
  const behind = BEHIND[standingOf(state).kind];
  if (way.advance !== 'each' || behind === undefined) return null;
  return ACTIONS.slice(behind).find(([part]) => way[part])?.[1] ?? null;
}

/** The kinds of state with which each last step ends. */
const ENDS = [['archive', ['archived']], ['mail', ['mailed']], ['deposit', ['deposited', 'mailed', 'archived']]] as const;

/** Nothing more is to come of what was chosen beyond signature and transmission, whose ends are known by what they bring back. */
export function isAtEnd(way: Route, state: string): boolean {
  const { kind } = standingOf(state);
  if (kind === 'done') return true;
  const last = ENDS.find(([part]) => way[part]);
  return last === undefined || (last[1] as readonly StateKind[]).includes(kind);
}

/** Kinds of state that a document reaches only once the signature book gave it back. */
const AFTER_SIGNATURE: ReadonlySet<StateKind> = new Set([
  'signed', 'transmitting', 'human', 'acknowledged', 'answering', 'cancelling', 'cancelled', 'deposited', 'archiving', 'archived', 'mailing', 'mailed', 'done',
]);

export function isAfterSignature(state: string): boolean {
  return AFTER_SIGNATURE.has(standingOf(state).kind) || state === 'tdt-error' || state === 'refus-tdt';
}
