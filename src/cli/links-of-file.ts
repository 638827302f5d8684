import { expectedOneOf } from '../config/closest-word.js';
import type { KnownLink } from '../facade/store.js';
import { tableRows } from './table-file.js';

/** Links as a file has them. `place`: `line 12`, or `element 3` of a list. */
export interface LinksOfFile {
  readonly links: readonly { readonly place: string; readonly link: KnownLink }[];
  /** All that is wrong, each with where it is, what was found and what is expected. */
  readonly mistakes: readonly string[];
}

/** What the links of a file lead to. */
export interface LinkTarget {
  readonly connector: string;
  /** Ids of the meeting configs that it stands behind. */
  readonly configIds: readonly string[];
}

/** One link, before it was looked at. */
interface Written {
  readonly place: string;
  readonly externalIdentifier: string;
  readonly configs: readonly string[];
  readonly uid: string;
}

type Column = 'externalIdentifier' | 'meetingConfig' | 'uid';

/** What columns may be called: letters alone, in lower case and without accents. */
const COLUMN_NAMES: Readonly<Record<Column, readonly string[]>> = {
  externalIdentifier: ['externalidentifier', 'externalid', 'identifiantexterne', 'identifiant', 'localuid'],
  meetingConfig: ['meetingconfig', 'meetingconfigid', 'configuration', 'config', 'instance', 'sentto', 'envoyea'],
  uid: ['uid', 'itemuid', 'pmuid', 'uidplonemeeting', 'uiddupoint', 'point'],
};

/** A longer one is a mistake of columns. */
const MAX_LENGTH = 1000;

/** Reads links out of CSV, or out of JSON where the text begins so: a map of external identifiers to the ids of the configs they were
 * sent to, as applications remember it, or a list of objects with the names of the columns. */
export function linksOfFile(text: string, target: LinkTarget): LinksOfFile {
  const read = /^\s*[[{]/.test(text) ? ofJson(text) : ofTable(text);
  const links: { place: string; link: KnownLink }[] = [];
  const mistakes = [...read.mistakes];
  for (const written of read.written) {
    const wrong = mistakesIn(written, target);
    mistakes.push(...wrong);
    if (wrong.length > 0) continue;
    const { place, externalIdentifier, configs, uid } = written;
    links.push(...configs.map((configId) => ({ place, link: { externalIdentifier, configId, connector: target.connector, upstream: uid === '' ? null : uid } })));
  }
  return { links, mistakes };
}

interface Read {
  readonly written: readonly Written[];
  readonly mistakes: readonly string[];
}

function ofTable(text: string): Read {
  const rows = tableRows(text);
  const header = rows.next();
  if (header.done === true) return { written: [], mistakes: ['line 1: found nothing, expected a header such as externalIdentifier,meetingConfig,uid'] };
  const columns = header.value.cells.map(columnNamed);
  const missing = (['externalIdentifier', 'meetingConfig'] as const).filter((name) => !columns.includes(name));
  if (missing.length > 0) return { written: [], mistakes: missing.map((name) => `line ${header.value.line}: found the columns «${header.value.cells.join('», «')}», expected one called ${name}`) };
  const written: Written[] = [];
  for (const { line, cells } of rows) {
    const cell = (name: Column): string => cells[columns.indexOf(name)] ?? '';
    written.push({ place: `line ${line}`, externalIdentifier: cell('externalIdentifier'), configs: listed(cell('meetingConfig')), uid: cell('uid') });
  }
  return { written, mistakes: [] };
}

function columnNamed(title: string): Column | undefined {
  const letters = title.normalize('NFD').replace(/[^A-Za-z]/g, '').toLowerCase();
  return (Object.keys(COLUMN_NAMES) as Column[]).find((name) => COLUMN_NAMES[name].includes(letters));
}

/** Several configs of one cell, as the mark of the sending application lists them. */
function listed(cell: string): readonly string[] {
  return cell.split(/[\s,;|]+/).filter((name) => name !== '');
}

function ofJson(text: string): Read {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { written: [], mistakes: [`found no JSON (${error instanceof Error ? error.message : String(error)}), expected a list or a map`] };
  }
  if (Array.isArray(parsed)) return { written: parsed.map((element: unknown, index) => ofElement(`element ${index + 1}`, element)), mistakes: [] };
  const sent = Object.entries(parsed as Readonly<Record<string, unknown>>);
  return { written: sent.map(([externalIdentifier, configs]) => ({ place: `«${externalIdentifier}»`, externalIdentifier: externalIdentifier.trim(), configs: textsOf(configs), uid: '' })), mistakes: [] };
}

function ofElement(place: string, element: unknown): Written {
  const named = new Map(typeof element === 'object' && element !== null ? Object.entries(element).map(([name, value]) => [columnNamed(name.replace(/s$/, '')), value] as const) : []);
  const text = (name: Column): string => textsOf(named.get(name)).join(' ').trim();
  return { place, externalIdentifier: text('externalIdentifier'), configs: textsOf(named.get('meetingConfig')), uid: text('uid') };
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function mistakesIn({ place, externalIdentifier, configs, uid }: Written, { configIds }: LinkTarget): readonly string[] {
  const wrong: string[] = [];
  if (externalIdentifier === '') wrong.push(`${place}, column externalIdentifier: found nothing, expected the identifier by which the application knows its element`);
  if (externalIdentifier.length > MAX_LENGTH) wrong.push(`${place}, column externalIdentifier: found ${externalIdentifier.length} characters, expected at most ${MAX_LENGTH}`);
  if (configs.length === 0) wrong.push(`${place}, column meetingConfig: found nothing, expected the id of a meeting config`);
  for (const config of configs.filter((one) => !configIds.includes(one))) wrong.push(`${place}, column meetingConfig: found ${config}, ${expectedOneOf(config, configIds)}`);
  if (!/^[\w-]{0,100}$/.test(uid)) wrong.push(`${place}, column uid: found ${uid.slice(0, 100)}, expected the UID of an item in PloneMeeting (32 letters and digits), or nothing`);
  if (uid !== '' && configs.length > 1) wrong.push(`${place}, column meetingConfig: found ${configs.length} configs beside a uid, expected one`);
  return wrong;
}
