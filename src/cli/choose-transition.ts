import { expectedOneOf } from '../config/closest-word.js';
import { meetingsToCome } from '../deliberation/create-item/run-transitions.js';
import type { Item } from '../domain/item.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import type { WorkflowTransition } from '../domain/workflow.js';
import { RelaisError } from '../errors.js';
import type { StateChange } from '../intake/item-changes.js';

/** What somebody wants to happen to an item. `meeting`: its id or uid; undefined: the preferred one, or the next. */
export interface WantedTransition {
  readonly transition: string;
  readonly meeting?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What a transition of its workflow does to an item. Throws RELAIS_ITEM_STATE with the transitions that are possible, or
 * the meetings. */
export function chooseTransition(config: MeetingConfig, item: Pick<Item, 'reviewState' | 'meeting' | 'preferredMeeting'>, wanted: WantedTransition): Pick<StateChange, 'action' | 'from' | 'to' | 'meeting'> {
  const { transitions } = config.workflow;
  const possible = transitions.filter(({ from }) => from.includes(item.reviewState));
  const found = possible.find(({ id }) => id === wanted.transition);
  if (found === undefined) {
    throw new RelaisError('RELAIS_ITEM_STATE', `found the transition ${wanted.transition} for an item in state ${item.reviewState}, ${expectedOneOf(wanted.transition, possible.map(({ id }) => id))}`);
  }
  const change = { action: found.id, from: item.reviewState, to: found.to };
  if (found.needsMeeting) return { ...change, meeting: meetingFor(config, item, wanted) };
  if (wanted.meeting !== undefined) throw new RelaisError('RELAIS_ITEM_STATE', `--meeting: found ${wanted.meeting}, expected none, because ${found.id} puts no item into a meeting`);
  return leavesMeeting(found, transitions) ? { ...change, meeting: null } : change;
}

/** Where items wait to be put into a meeting, they are in none. */
function leavesMeeting({ to }: WorkflowTransition, transitions: readonly WorkflowTransition[]): boolean {
  return transitions.some(({ needsMeeting, from }) => needsMeeting && from.includes(to));
}

function meetingFor(config: MeetingConfig, { preferredMeeting }: Pick<Item, 'preferredMeeting'>, { transition, meeting, now }: WantedTransition): string {
  const toCome = meetingsToCome(config, now);
  const found = meeting === undefined
    ? toCome.find(({ uid }) => uid === preferredMeeting) ?? toCome[0]
    : toCome.find(({ id, uid }) => id === meeting || uid === meeting);
  if (found !== undefined) return found.uid;
  const asked = meeting === undefined ? `no meeting for ${transition}` : `--meeting ${meeting}`;
  throw new RelaisError('RELAIS_ITEM_STATE', `found ${asked}, ${expectedOneOf(meeting, toCome.map(({ id }) => id))}`);
}
