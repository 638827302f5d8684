import { Readable } from 'node:stream';
import type { MeetingConfig } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import { addedAnnex, requireItem, type CouncilActs, type CouncilActsParts } from './council-acts.js';
import { CouncilRefusal } from './council-refusal.js';
import { SERVICE_LOGIN, type CouncilTown } from './council-town.js';
import type { DeskItem } from './desk-item.js';
import { afterTransition, wayTo, type Step } from './take-transition.js';
import { annexTypes, configOf } from './town-rights.js';

/** How a meeting ends for an item, by the state that it then has. */
export const VERDICTS = { accept: 'accepted', modify: 'accepted_but_modified', refuse: 'refused', delay: 'delayed' } as const;

/** As people type it. */
export type Verdict = keyof typeof VERDICTS;

/** What goes with a verdict. */
export interface Decision {
  /** HTML; left out: what stood there stays. */
  readonly text?: string;
  /** Said in the history, as why it was refused. */
  readonly comment?: string;
}

/** What people do over there, with all rights. Each tells that there is news. All throw CouncilRefusal. */
export interface PeopleActs {
  /** A transition that the workflow has from the state of the item; with words for its history. */
  step(itemUid: string, transition: string, comment?: string): Promise<DeskItem>;
  /** Takes it all the way into a meeting, of that uid or the next one. */
  present(itemUid: string, meeting?: string): Promise<DeskItem>;
  /** Takes it all the way to a decision. */
  decide(itemUid: string, verdict: Verdict, decision?: Decision): Promise<DeskItem>;
  /** Writes the text of the decision. */
  write(itemUid: string, text: string): Promise<DeskItem>;
  /** Adds a file to the decision. */
  attach(itemUid: string, filename: string, content: Buffer): Promise<DeskItem>;
  remove(itemUid: string): Promise<void>;
  /** Moves it into another folder, so that its address is another one. */
  move(itemUid: string): Promise<DeskItem>;
  /** `created`, `frozen`, `decided`, `closed` … */
  setMeetingState(meetingUid: string, state: string): Promise<void>;
}

export interface PeopleParts extends Omit<CouncilActsParts, 'town'> {
  readonly acts: CouncilActs;
  readonly files: DeskFiles;
  readonly town: CouncilTown;
  readonly onNews?: () => void;
}

/** Over the same items and town as `acts`. */
export function createPeopleActs({ acts, files, town, ledger, clock, newId, onNews, say }: PeopleParts): PeopleActs {
  const service = (): User => {
    const user = town.now().users.get(SERVICE_LOGIN);
    if (user === undefined) throw new CouncilRefusal('unknown-user', SERVICE_LOGIN);
    return user;
  };

  async function done<Result>(work: Promise<Result>, what: string): Promise<Result> {
    const result = await work;
    say?.(what);
    onNews?.();
    return result;
  }

  function change(uid: string, what: string, next: (item: DeskItem, config: MeetingConfig) => DeskItem): Promise<DeskItem> {
    return done(ledger.inTurn(() => {
      const before = requireItem(ledger, uid);
      const item = next(before, requireConfig(town, before));
      ledger.put(item);
      return item;
    }), `${what} ${uid}`);
  }

  const stepOf = (comment?: string, meeting?: string): Step => ({ actor: SERVICE_LOGIN, at: clock.now(), ...comment !== undefined && { comment }, ...meeting !== undefined && { meeting } });

  return {
    step: (uid, id, comment) => change(uid, id, (item, config) => taken(config, item, [id], stepOf(comment))),
    present: (uid, meeting) => change(uid, 'present', (item, config) => presented(config, item, stepOf(undefined, meeting))),
    decide: (uid, verdict, { text, comment } = {}) => change(uid, verdict, (item, config) => {
      const way = wayTo(config, item.state, VERDICTS[verdict]);
      if (way === null) throw new CouncilRefusal('not-now', `Le point est « ${item.state} » : il ne peut plus devenir « ${VERDICTS[verdict]} ».`);
      return { ...taken(config, item, way, stepOf(comment)), ...text !== undefined && { decision: text } };
    }),
    write: (uid, text) => change(uid, 'write', (item) => ({ ...item, decision: text, modifiedAt: clock.now() })),
    async attach(uid, filename, content) {
      const kept = await files.keep(Readable.from([content]));
      return change(uid, 'attach', (item, config) => {
        const relatedTo = annexTypes(config, 'decision').length > 0 ? 'decision' : 'item';
        return addedAnnex(item, { title: filename, filename, relatedTo, ...kept }, service(), { clock, newId, town: () => town.now() }).item;
      });
    },
    remove: (uid) => done(acts.remove(uid, service()), `remove ${uid}`),
    move: (uid) => done(acts.move(uid, requireItem(ledger, uid).path.replace(/[^/]+$/, (id) => `deplace-${id}`)), `move ${uid}`),
    setMeetingState: (uid, state) => done(ledger.inTurn(() => {
      if (!town.now().meetingConfigs.some(({ meetings }) => meetings.some((meeting) => meeting.uid === uid))) throw new CouncilRefusal('unknown-meeting', `La séance ${uid} n'existe pas.`);
      town.setMeetingState(uid, state);
    }), `meeting ${uid}: ${state}`),
  };
}

function requireConfig(town: CouncilTown, item: DeskItem): MeetingConfig {
  const config = configOf(town.now(), item);
  if (config === undefined) throw new CouncilRefusal('unknown-config', `La configuration ${item.configId} n'existe plus.`);
  return config;
}

/** All the way to where transitions put items into a meeting, and in. */
function presented(config: MeetingConfig, item: DeskItem, step: Step): DeskItem {
  const goal = config.workflow.transitions.find(({ needsMeeting }) => needsMeeting);
  const way = goal === undefined ? null : wayTo(config, item.state, goal.to);
  if (way === null || way.length === 0) throw new CouncilRefusal('not-now', `Le point est « ${item.state} » : il ne peut pas être présenté.`);
  return taken(config, item, way, step);
}

function taken(config: MeetingConfig, item: DeskItem, way: readonly string[], step: Step): DeskItem {
  return way.reduce((before, id) => {
    const next = afterTransition(config, before, id, step);
    if (next === undefined) throw new CouncilRefusal('not-now', `« ${id} » n'est pas possible : le point est « ${before.state} », ou aucune séance n'accepte de points.`);
    return next;
  }, item);
}
