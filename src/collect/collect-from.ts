import type { Announcement, Collecting, Connector, ConnectorContext } from '../connector-api/connector.js';
import { isFailure, Refused, type Failure } from '../connector-api/failures.js';
import { lookingContext, type ConnectorPlace, type ContextParts } from '../delivery/connector-context.js';
import { withDeadline } from '../delivery/deadline.js';
import type { ConnectorHealth } from '../delivery/store.js';
import type { Timer } from '../delivery/timer.js';
import type { Authority, ConnectorSetting } from '../domain/authority.js';
import type { ItemPlace } from '../domain/item-place.js';
import { RelaisError } from '../errors.js';
import type { Intake } from '../intake/accept-item.js';
import type { IntakeStore } from '../intake/store.js';
import { arrivalItem, takenKey, takenOnce } from './arrival-item.js';
import type { CollectStore } from './store.js';

/** A configured connector that collects. */
export interface CollectTarget {
  readonly authority: Authority;
  readonly setting: ConnectorSetting;
  readonly place: ItemPlace;
  /** How often it is asked, milliseconds. */
  readonly everyMs: number;
  readonly collect: Collecting<unknown>;
  /** Takes items of that authority. */
  readonly intake: Pick<Intake, 'acceptOnce'>;
}

export interface CollectParts extends ContextParts {
  readonly store: Pick<CollectStore, 'itemOf'> & Pick<IntakeStore, 'takenBefore'>;
  readonly timer: Timer;
  readonly newId: () => string;
  /** Takes secrets out of what connectors and the other side say. */
  readonly hide: (text: string) => string;
}

/** One that waited over there. `known`: it was kept before, and is marked over there now. */
export type Found =
  | { readonly key: string; readonly became: 'kept'; readonly uid: string; readonly title: string }
  | { readonly key: string; readonly became: 'known' | 'gone' }
  /** It stays there, and is tried again the next time; the others are taken. */
  | { readonly key: string; readonly became: 'failed'; readonly reason: string };

/** What came of one look. */
export interface Collected {
  readonly found: readonly Found[];
  /** Why it ended before its end, in plain words; null: everything was looked at. */
  readonly stopped: string | null;
  readonly health: ConnectorHealth;
  /** The other side asks for patience, milliseconds. */
  readonly retryAfterMs: number | null;
}

/** A connector that is told to stop has this long to do so. */
const WIND_UP_MS = 5_000;

/** After this one that waits there has failed, so that it does not use up the time of the others, milliseconds. */
const LONGEST_ONE_MS = 10 * 60_000;

/** The part of a connector that collects, and where what it brings comes to stand; null where it does neither. */
export function collectTarget(authority: Authority, setting: ConnectorSetting, connector: Connector | undefined, intake: Pick<Intake, 'acceptOnce'>): CollectTarget | null {
  const { collect } = connector ?? {};
  return collect === undefined || setting.collect === undefined ? null : { authority, setting, ...setting.collect, collect, intake };
}

/** Takes in what waits over there: each is kept as an item, once for its key whatever is repeated, and only then marked over there. What
 * cannot be taken keeps nothing else from being taken; what could not be taken before (`behind`, by key) comes last. Never rejects. */
export async function collectFrom(target: CollectTarget, parts: CollectParts, signal: AbortSignal, behind: ReadonlySet<string> = new Set()): Promise<Collected> {
  const found: Found[] = [];
  const { context } = useOf(target, parts, signal);
  try {
    const announced = await list(target, parts, signal);
    for (const one of announced.toSorted((left, right) => Number(behind.has(left.key)) - Number(behind.has(right.key)))) {
      signal.throwIfAborted();
      found.push(await takeInTime(target, one, parts, signal).catch((error: unknown) => asFound(one, error, { target, parts, signal })));
    }
    return { found, stopped: null, health: { verdict: 'works' }, retryAfterMs: null };
  } catch (error) {
    return { found, ...stoppedBy(error, context, parts, signal) };
  }
}

function list(target: CollectTarget, parts: CollectParts, signal: AbortSignal): Promise<readonly Announcement[]> {
  const { context } = useOf(target, parts, signal);
  return call(target, parts, signal, (collect, settings) => collect.list(settings, context));
}

async function takeInTime(target: CollectTarget, announced: Announcement, parts: CollectParts, signal: AbortSignal): Promise<Found> {
  const limit = new AbortController();
  const tooLong = new Refused(`It took longer than ${LONGEST_ONE_MS / 60_000} minutes.`);
  const endLimit = parts.timer.after(LONGEST_ONE_MS, () => limit.abort(tooLong));
  try {
    return await take(target, announced, parts, AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    throw limit.signal.aborted ? tooLong : error;
  } finally {
    endLimit();
  }
}

/** In steps that may each be the last: what is fetched and not kept is fetched again, what is kept and not marked is marked the next time. */
async function take(target: CollectTarget, announced: Announcement, parts: CollectParts, signal: AbortSignal): Promise<Found> {
  const { key } = announced;
  const { context, connectorPlace: { authority, connector } } = useOf(target, parts, signal);
  const [before] = await parts.store.takenBefore(authority, [takenKey(connector, announced)]);
  const kept = before === undefined ? await keep(target, announced, parts, signal) : { key, became: 'known' } as const;
  if (kept.became !== 'gone') await call(target, parts, signal, (collect, settings) => collect.kept(announced, settings, context));
  return kept;
}

async function keep(target: CollectTarget, announced: Announcement, parts: CollectParts, signal: AbortSignal): Promise<Found> {
  const { key } = announced;
  const { context, connectorPlace } = useOf(target, parts, signal);
  const arrival = await call(target, parts, signal, (collect, settings) => collect.fetch(announced, settings, context));
  if (arrival === 'gone') return { key, became: 'gone' };
  const about = arrival.about === undefined ? null : await parts.store.itemOf(connectorPlace, arrival.about);
  const submission = arrivalItem(announced, arrival, { ...connectorPlace, place: target.place, about, newId: parts.newId, now: parts.clock.now() });
  const outcome = await target.intake.acceptOnce(submission, takenOnce(connectorPlace.connector, announced, arrival));
  // another process was quicker
  if ('taken' in outcome) return { key, became: 'known' };
  const { uid, title } = submission.item;
  return { key, became: 'kept', uid, title };
}

/** Each arrival has the room of one request. */
function useOf({ authority, setting }: CollectTarget, parts: CollectParts, signal: AbortSignal): { readonly connectorPlace: ConnectorPlace; readonly context: ConnectorContext } {
  const connectorPlace = { authority: authority.id, connector: setting.id };
  return { connectorPlace, context: lookingContext(connectorPlace, parts, signal) };
}

function call<T>({ collect, setting }: CollectTarget, { timer }: CollectParts, signal: AbortSignal, work: (collect: Collecting<unknown>, settings: unknown) => Promise<T>): Promise<T> {
  return withDeadline(Promise.resolve().then(() => work(collect, setting.settings)), signal, WIND_UP_MS, timer);
}

interface Around {
  readonly target: CollectTarget;
  readonly parts: CollectParts;
  readonly signal: AbortSignal;
}

/** What is the matter with this one alone. Throws what stops the others, too: the other side is away, or we are. Which of them it is, its list tells: a
 * platform that fails with one file, each time anew, would keep all others from coming, and count as down. */
async function asFound({ key }: Announcement, error: unknown, { target, parts, signal }: Around): Promise<Found> {
  if (signal.aborted || error instanceof RelaisError) throw error;
  if (!isFailure(error)) {
    useOf(target, parts, signal).context.logger.warn('A connector failed unexpectedly', { during: 'collect', key, error });
    return { key, became: 'failed', reason: 'The connector failed in a way that it does not know.' };
  }
  const asksForPatience = error.kind === 'not-sent' && error.retryAfterMs !== undefined;
  if (asksForPatience) throw error;
  if (error.kind !== 'refused') await list(target, parts, signal);
  return { key, became: 'failed', reason: parts.hide(error.message) };
}

function stoppedBy(error: unknown, context: ConnectorContext, parts: CollectParts, signal: AbortSignal): Omit<Collected, 'found'> {
  if (isFailure(error) && !signal.aborted) {
    const stopped = parts.hide(error.message);
    return { stopped, health: healthAfter(error, stopped), retryAfterMs: error.kind === 'not-sent' ? error.retryAfterMs ?? null : null };
  }
  const known = signal.aborted || error instanceof RelaisError;
  if (!known) context.logger.warn('A connector failed unexpectedly', { during: 'collect', error });
  const stopped = known ? wordsOf(signal.aborted ? signal.reason : error) : 'The connector failed in a way that it does not know.';
  return { stopped, health: { verdict: 'unaffected' }, retryAfterMs: null };
}

/** As a delivery that fails tells it. */
function healthAfter(failure: Failure, reason: string): ConnectorHealth {
  switch (failure.kind) {
    case 'misconfigured': return { verdict: 'misconfigured', reason };
    case 'refused': return { verdict: 'works' };
    case 'not-sent': return failure.retryAfterMs === undefined ? { verdict: 'unreachable', reason } : { verdict: 'unaffected' };
    case 'outcome-unknown': return { verdict: 'unreachable', reason };
  }
}

function wordsOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : 'It was told to stop.';
}
