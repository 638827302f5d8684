import type { ItemWarning } from './warnings.js';
import type { HistoryEvent } from '../../domain/item.js';
import type { Meeting, MeetingConfig } from '../../domain/meeting-config.js';

const COMMENT = 'wf_transition_triggered_by_application';

/** What is known of the item before its transitions. `preferredMeeting` was found to accept items. */
export interface Start {
  readonly preferredMeeting: string | null;
  readonly actor: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Arrival {
  readonly state: string;
  readonly meeting: string | null;
  readonly history: readonly HistoryEvent[];
  readonly warnings: readonly ItemWarning[];
}

/** Takes a new item through its workflow (contracts/ws4pm.md §4.5). Transitions are tried in order with the rights of a
 * Manager: all that counts is the state, and for those that need one a meeting, which is the preferred one or else the
 * earliest to come that accepts items. What is not available is skipped with a warning, and the next one is tried. Of a config with a
 * system behind it this is what is likely to happen: what only that system knows, and what follows on it, is left to it. */
export function runTransitions(config: MeetingConfig, transitions: readonly string[], start: Start): Arrival {
  let state = config.workflow.initial;
  let meeting: string | null = null;
  const history: HistoryEvent[] = [];
  const warnings: ItemWarning[] = [];
  let isLeftToOthers = false;
  for (const id of transitions) {
    const from = state;
    const transition = config.workflow.transitions.find((one) => one.id === id && one.from.includes(from));
    const destination = transition?.needsMeeting === true ? meetingFor(config, start) : null;
    if (transition === undefined || (transition.needsMeeting && destination === null)) {
      isLeftToOthers ||= config.backend !== undefined && !config.workflow.transitions.some((one) => one.id === id);
      if (!isLeftToOthers) warnings.push({ kind: 'transition-unavailable', transition: id, state, needsMeeting: needsMeeting(config, id) });
      continue;
    }
    state = transition.to;
    meeting = destination ?? meeting;
    history.push({ at: start.at, actor: start.actor, action: id, comment: COMMENT, fromState: from, toState: state });
  }
  return { state, meeting, history, warnings };
}

function needsMeeting(config: MeetingConfig, transition: string): boolean {
  return config.workflow.transitions.some((one) => one.id === transition && one.needsMeeting);
}

function meetingFor(config: MeetingConfig, { preferredMeeting, at }: Start): string | null {
  return preferredMeeting ?? meetingsToCome(config, at)[0]?.uid ?? null;
}

/** Meetings after a moment (epoch milliseconds) into which items can still be put, earliest first. */
export function meetingsToCome(config: MeetingConfig, at: number): readonly Meeting[] {
  return config.meetings
    .filter((meeting) => meeting.date > at && config.preferredMeetingStates.includes(meeting.state))
    .toSorted((one, other) => one.date - other.date);
}
