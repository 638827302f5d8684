import type { ConnectorState } from '../domain/connector-state.js';
import type { Delivery } from '../domain/delivery.js';
import type { FieldValue } from '../domain/mapping.js';
import { dateWriter, durationInWords } from './dates.js';
import { describeNow, type Telling } from './describe-now.js';
import { reasonInWords } from './reason-in-words.js';
import type { ItemStory } from './store.js';
import { stateName, stepName, wordsOf, type Language, type Words } from './words.js';

export type { Language } from './words.js';

export interface StorySettings {
  readonly language: Language;
  /** IANA name of the zone in which dates are shown; UTC if not given. */
  readonly timeZone?: string;
  /** Epoch milliseconds, for «since». */
  readonly now: number;
  /** States of the connectors of the authority, where they are known: what waits for one that is stopped says so. */
  readonly connectors?: readonly ConnectorState[];
}

/** Enough of a value to recognise it; the whole of it is in the JSON of the item. */
const VALUE_LENGTH = 160;

/** States about which it is worth saying since when. */
const UNDER_WAY: ReadonlySet<string> = new Set(['waiting', 'ready', 'sending', 'sent', 'parked']);

/** What became of an item, line by line and in plain words: where it is now, its steps, then what happened, oldest
 * first. */
export function describeStory(story: ItemStory, { language, timeZone = 'UTC', now, connectors = [] }: StorySettings): string[] {
  const words = wordsOf(language);
  const telling: Telling = { words, date: dateWriter(timeZone), now, connectors };
  const { item, deliveries } = story;
  return [
    words.item(item.title, item.uid),
    ...describeNow(deliveries, telling).map((line) => `  ${line}`),
    `  ${words.identity(item.id, item.creator, item.source)}`,
    `  ${words.state(item.reviewState)}, ${words.annexes(item.annexes.length)}`,
    ...item.annexes.flatMap(({ filename, role }) => (role === undefined ? [] : [`    ${filename}${words.colon}${roleIn(words, role)}`])),
    ...deliveries.flatMap((delivery) => [...describeDelivery(delivery, telling), ...describeValues(delivery, words)]).map((line) => `  ${line}`),
    ...timeline(story, telling),
  ];
}

/** Where one step of an item is, in some lines. */
export function describeDelivery(delivery: Delivery, { words, date, now }: Telling): string[] {
  const name = delivery.role === 'return' ? words.returnStep(delivery.step, delivery.connector) : words.step(stepName(words, delivery.step), delivery.connector);
  const since = UNDER_WAY.has(delivery.state) ? `, ${words.since(durationInWords(now - delivery.stateSince, words))}` : '';
  const lines = [`${name}${words.colon}${stateName(words, delivery)}${since}`];
  lines.push(...reasonInWords(delivery.reason, words).map((line) => `  ${line}`));
  if (delivery.remoteReference !== null) lines.push(`  ${words.reference(delivery.remoteReference)}`);
  if (delivery.attempts > 0) lines.push(`  ${words.attempts(delivery.attempts)}`);
  if (delivery.state === 'ready' && delivery.attempts > 0) lines.push(`  ${words.due(date(delivery.dueAt))}`);
  if (delivery.markedAt !== null && (delivery.state === 'ready' || delivery.state === 'parked')) lines.push(`  ${words.uncertain}`);
  return lines;
}

/** What a step brought back beside documents, such as who signed: one line a value, shortened. What its reason says already is not told again. */
function describeValues({ results, reason }: ItemStory['deliveries'][number], { colon }: Words): string[] {
  return Object.entries(results ?? {}).filter(([, value]) => reason === null || !isSaid(value, reason))
    .map(([name, value]) => ({ name, text: shortened(textOf(value)) })).filter(({ text }) => text !== '')
    .map(({ name, text }) => `  ${name}${colon}${text}`);
}

/** A sentence or a list of sentences: a single word may stand in any reason. */
function isSaid(value: FieldValue, reason: string): boolean {
  const parts = Array.isArray(value) ? value : [value];
  return parts.every((part) => typeof part === 'string' && part.includes(' ') && reason.includes(part));
}

function textOf(value: FieldValue): string {
  return typeof value === 'object' && value !== null ? value.join(' | ') : String(value ?? '');
}

function shortened(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > VALUE_LENGTH ? `${line.slice(0, VALUE_LENGTH)}…` : line;
}

/** Workflow history and journal in one, by time. */
function timeline({ history, journal }: ItemStory, telling: Telling): string[] {
  const { words, date } = telling;
  const steps = history.map(({ at, actor, action, comment, toState }) => {
    // a comment that is no more than the name of its action says nothing
    const said = comment === '' || comment === `${action}_comments` || action.startsWith('create_item') ? '' : ` (${comment})`;
    return { at, text: `${words.actions[action] ?? action}${toState === null ? '' : ` → ${toState}`}${said}, ${words.by(actor)}` };
  });
  // a change of state stands in the workflow history as well, with its name and its comment
  const facts = journal.filter(({ event }) => event !== 'item.state-changed').map(({ at, actor, event, data }) => ({ at, text: `${words.events[event] ?? event}${detail(data, telling)}, ${words.by(actor)}` }));
  return [...facts, ...steps].toSorted((a, b) => a.at - b.at).map(({ at, text }) => `  ${date(at)}  ${text}`);
}

/** What an event adds: the step, why, what came back. Its data is plain JSON; what is not known here is left out. */
function detail(data: Readonly<Record<string, unknown>>, { words, date }: Telling): string {
  // reasons are sentences; here they stand within one
  const text = (name: string): string[] => (typeof data[name] === 'string' ? [reasonInWords(data[name], words).join(' ').replace(/\.$/, '')] : []);
  const retryAt = typeof data['dueAt'] === 'number' && data['reason'] !== undefined ? [words.due(date(data['dueAt']))] : [];
  const parts = [
    ...text('flow').map(words.flow), ...text('step').map((step) => stepName(words, step)), ...text('connector'), ...text('reason'), ...text('problem'), ...text('comment'), ...text('linked'),
    ...text('remoteReference').map(words.reference), ...retryAt, ...listed(data['annexes'], words.files, words), ...listed(data['fields'], words.fields, words),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Names out of a list of names or of files; of files, with what they are for. */
function listed(found: unknown, say: (names: string) => string, words: Words): string[] {
  if (!Array.isArray(found)) return [];
  const names = found.map((one: unknown) => nameOf(one, words)).filter((name) => name !== undefined);
  return names.length === 0 ? [] : [say(names.join(', '))];
}

function nameOf(one: unknown, words: Words): string | undefined {
  if (typeof one === 'string') return one;
  if (typeof one !== 'object' || one === null || !('filename' in one) || typeof one.filename !== 'string') return undefined;
  return 'role' in one && typeof one.role === 'string' ? `${one.filename} (${roleIn(words, one.role)})` : one.filename;
}

function roleIn({ roles }: Words, role: string): string {
  return Object.hasOwn(roles, role) ? roles[role] ?? role : role;
}
