import { compareValues, type Change, type ReadValue } from './compare-values.js';
import type { Configuration } from './load-configuration.js';
import type { Section } from './read-section.js';
import { shownValue } from './shown-value.js';
import { isMap } from './sourced.js';
import { formatPath, type Path } from './yaml-file.js';

/** One thing that a reload changes, in plain words and without secrets. */
export interface DiffLine {
  readonly text: string;
  /** True when a reload does not change it: it takes effect at the next start. */
  readonly restart: boolean;
}

/** Sections of an authority whose entries have names, and what one of them is called. */
const WORDS: Readonly<Record<string, string>> = {
  organisations: 'organisation', users: 'user', meetingConfigs: 'meeting config', connectors: 'connector', flows: 'flow', deposits: 'deposit', tables: 'table', hours: 'hours',
};

type Compared = Pick<Configuration, 'sources'>;

/** What differs between two configurations, in the order: server, authorities. Empty when they mean the same. What all
 * authorities share (sockets, database, loaded code, log) is not changed under a running server. */
export function diffConfigurations(before: Compared, after: Compared): DiffLine[] {
  const server = compareValues(readValue(before.sources.server), readValue(after.sources.server))
    .map((change) => ({ text: `server: ${inWords(change, change.path)}; needs a restart`, restart: true }));
  const ids = [...new Set([...before.sources.authorities.keys(), ...after.sources.authorities.keys()])];
  const authorities = ids.flatMap((id) => diffAuthority(id, before.sources.authorities.get(id), after.sources.authorities.get(id)));
  return [...server, ...authorities.map((text) => ({ text, restart: false }))];
}

function readValue({ written, data, entry }: Section<unknown>): ReadValue {
  return { written: written.value, data, entry };
}

function diffAuthority(id: string, before: Section<unknown> | undefined, after: Section<unknown> | undefined): string[] {
  if (before === undefined) return after === undefined ? [] : [`authority ${id} added: ${summary(after)}`];
  if (after === undefined) return [`authority ${id} removed: its items stay, but nobody reaches them and nothing of it is delivered`];
  const changes = compareValues(readValue(before), readValue(after));
  const flows = [...new Set(changes.filter(({ path }) => path[0] === 'flows' && path.length > 2).map(({ path }) => String(path[1])))];
  return [
    ...changes.map((change) => `${id}: ${describe(change)}`),
    ...flows.map((flow) => `${id}: flow ${flow}: items under way finish on the version that they started with`),
  ];
}

function summary({ written }: Section<unknown>): string {
  const count = (key: string, word: string): string => {
    const list = isMap(written.value) ? written.value[key] : undefined;
    const number = Array.isArray(list) ? list.length : 0;
    return `${number} ${word}${number === 1 ? '' : 's'}`;
  };
  return [count('users', 'user'), count('connectors', 'connector'), count('flows', 'flow')].join(', ');
}

function describe(change: Change): string {
  const [section, name, ...inside] = change.path;
  const word = WORDS[String(section)];
  if (word === undefined || name === undefined) return inWords(change, change.path);
  if (inside.length > 0) return `${word} ${name}: ${inWords(change, inside)}`;
  if (section === 'flows' && change.kind === 'removed') return `flow ${name} removed; items under way finish on it`;
  return change.kind === 'added' || change.kind === 'removed' ? `${word} ${name} ${change.kind}` : `${word} ${name}: ${inWords(change, [])}`;
}

/** `shown`: the part of the path that the line has not named. */
function inWords({ kind, path, before, after }: Change, shown: Path): string {
  const name = shown.length === 0 ? '' : `${formatPath(shown)} `;
  const value = (one: unknown): string => shownValue(path, one);
  switch (kind) {
    case 'added': return `${name}added: ${value(after)}`;
    case 'removed': return `${name}removed: ${value(before)}`;
    case 'secret': return `${name}is the same text, ${value(after)}, but what it refers to changed`;
    case 'order': return `${name}in another order: ${value(after)}`;
    case 'changed': return hidden(value(before), value(after), name);
  }
}

function hidden(before: string, after: string, name: string): string {
  return before === after ? `${name}changed: ${after}` : `${name}changed: ${before} → ${after}`;
}
