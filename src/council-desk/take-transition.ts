import type { MeetingConfig } from '../domain/meeting-config.js';
import type { WorkflowTransition } from '../domain/workflow.js';
import type { DeskItem } from './desk-item.js';

/** Who takes a transition, and with what. */
export interface Step {
  readonly actor: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly comment?: string;
  /** Into this meeting, where the transition puts the item into one; else the preferred one, else the next that takes items. */
  readonly meeting?: string;
}

/** The item after a transition, whoever may take it; undefined where it is not available as the item stands. */
export function afterTransition(config: MeetingConfig, item: DeskItem, id: string, { actor, at, comment = '', meeting }: Step): DeskItem | undefined {
  const transition = config.workflow.transitions.find((one) => one.id === id && one.from.includes(item.state));
  if (transition === undefined) return undefined;
  const destination = transition.needsMeeting ? meeting ?? meetingFor(config, item, at) : undefined;
  if (transition.needsMeeting && destination === undefined) return undefined;
  return {
    ...item, state: transition.to, modifiedAt: at, meeting: meetingAfter(config, item, transition, destination),
    history: [...item.history, { at, actor, action: id, comment, fromState: item.state, toState: transition.to }],
  };
}

/** Transitions that lead from the item's state to another one, the fewest; null: there is no way. */
export function wayTo({ workflow }: MeetingConfig, from: string, to: string): readonly string[] | null {
  const ways = new Map<string, readonly string[]>([[from, []]]);
  for (const [state, way] of ways) {
    for (const { id, to: next } of workflow.transitions.filter((one) => one.from.includes(state))) {
      if (!ways.has(next)) ways.set(next, [...way, id]);
    }
  }
  return ways.get(to) ?? null;
}

/** Into which meeting an item is put that is presented: into the one it prefers, or the next that takes items
 * (contracts/plonemeeting-rest.md §6.1). */
function meetingFor(config: MeetingConfig, { preferredMeeting }: DeskItem, at: number): string | undefined {
  const open = config.meetings.filter(({ state }) => config.preferredMeetingStates.includes(state)).toSorted((one, other) => one.date - other.date);
  return (open.find(({ uid }) => uid === preferredMeeting) ?? open.find(({ date }) => date > at))?.uid;
}

/** What goes back before the meeting leaves it. */
function meetingAfter({ workflow }: MeetingConfig, item: DeskItem, { to, needsMeeting }: WorkflowTransition, destination: string | undefined): string | null {
  if (needsMeeting) return destination ?? null;
  const before = new Set(workflow.transitions.filter((one) => one.needsMeeting).flatMap(({ from }) => from));
  return before.has(to) || to === workflow.initial ? null : item.meeting;
}
