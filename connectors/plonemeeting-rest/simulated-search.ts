import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { isIndex, portalTypeOf } from '../../src/council-desk/catalog.js';
import type { DeskItem } from '../../src/council-desk/desk-item.js';
import { activeOrganisations, managesConfig, meetingsAccepting } from '../../src/council-desk/town-rights.js';
import type { Meeting } from '../../src/domain/meeting-config.js';
import { badRequest, json } from './simulated-answers.js';
import { demandOf, isTrue } from './simulated-demand.js';
import { meetingElement, organisationElement, rootElement } from './simulated-elements.js';
import { isReply, lookOfQuery, parameter } from './simulated-entry.js';
import { seesMeeting } from './simulated-get.js';
import { itemElement } from './simulated-item.js';
import type { Call, Look } from './simulated-platform.js';

/** Easy names of indexes (contracts/plonemeeting-rest.md §4.1). */
const EASY: Readonly<Partial<Record<string, string>>> = { state: 'review_state', uid: 'UID', external_id: 'externalIdentifier', config_id: 'getConfigId' };

const PAGE = 25;

/** `@search`: what an index that is not there asks is passed over, and everything else is answered. */
export function search(call: Call): HttpReply {
  const { configId, type, isAccepting } = scopeOf(call);
  const wrong = wrongScope(call);
  if (wrong !== undefined) return badRequest(wrong);
  const look = lookOfQuery(call, configId);
  if (isReply(look)) return look;
  if (type === 'organization') return page(organisations(look), look);
  const isMeeting = type === 'meeting' || call.desk.town().meetingConfigs.some(({ shortName }) => type === `Meeting${shortName}`);
  return isMeeting ? page(meetings(configId, type, isAccepting, look), look) : page(items(configId, type, look), look);
}

interface Scope {
  readonly configId: string | null;
  /** Null: whatever there is. */
  readonly type: string | null;
  readonly isAccepting: boolean;
}

function scopeOf(call: Call): Scope {
  const configId = parameter(call, 'config_id', 'getConfigId');
  const isAccepting = isTrue(call.query.get('meetings_accepting_items') ?? 'false');
  return { configId, isAccepting, type: isAccepting ? 'meeting' : parameter(call, 'type', 'portal_type') ?? (configId === null ? null : 'item') };
}

function wrongScope(call: Call): string | undefined {
  const { configId, type, isAccepting } = scopeOf(call);
  if (configId !== null) return call.desk.config(configId) === undefined ? `Unknown "config_id" : "${configId}"!` : undefined;
  if (isAccepting) return 'The "config_id" parameter must be given when using "meetings_accepting_items"!';
  const isScoped = call.query.has('in_name_of') || (type !== 'item' && type !== 'meeting');
  return isScoped ? undefined : 'The "config_id" or "in_name_of" parameter must be given when "type" is "item" or "meeting"!';
}

type Row = () => object;

function items(configId: string | null, type: string | null, look: Look): readonly Row[] {
  const { desk, user, query } = look;
  const wanted = new Map<string, string[]>();
  for (const [given, value] of query) {
    const index = EASY[given] ?? given;
    if (isIndex(index) && !(index === 'externalIdentifier' && look.has('no-external-index'))) wanted.set(index, [...wanted.get(index) ?? [], value]);
  }
  const town = desk.town();
  const found = desk.search(wanted, user).filter((item) => isInReach(item, configId, look) && (type === null || type === 'item' || portalTypeOf(item, town) === type));
  return sorted(found, query).map((item) => () => itemElement(item, demandOf(query), look));
}

/** Without a config, a search in somebody's name is limited to the configs that the caller manages (§2.1). */
function isInReach(item: DeskItem, configId: string | null, { desk, caller, query }: Look): boolean {
  if (configId !== null || !query.has('in_name_of')) return true;
  const config = desk.config(item.configId);
  return config !== undefined && managesConfig(config, caller);
}

function sorted(found: readonly DeskItem[], query: URLSearchParams): readonly DeskItem[] {
  const by = query.get('sort_on');
  const one = found.toSorted((a, b) => {
    if (by === 'created') return a.createdAt - b.createdAt;
    return by === 'modified' ? a.modifiedAt - b.modifiedAt : a.title.toLowerCase().localeCompare(b.title.toLowerCase(), 'fr');
  });
  return isReversed(query) ? one.toReversed() : one;
}

/** By their title, which begins with their date, the last first, unless the caller says otherwise. */
function meetings(configId: string | null, type: string | null, isAccepting: boolean, look: Look): readonly Row[] {
  const { desk, user, query } = look;
  const configs = desk.town().meetingConfigs.filter((config) => config.active && (configId === null || config.id === configId) && (type === 'meeting' || type === `Meeting${config.shortName}`));
  const states = [...query.getAll('state'), ...query.getAll('review_state')];
  const uids = [...query.getAll('UID'), ...query.getAll('uid')];
  const found = configs.flatMap((config): readonly Meeting[] => (isAccepting ? meetingsAccepting(config, user) : config.meetings))
    .filter((meeting) => seesMeeting(meeting, look) && (states.length === 0 || states.includes(meeting.state)) && (uids.length === 0 || uids.includes(meeting.uid)));
  const ascending = query.has('sort_order') ? !isReversed(query) : query.has('sort_on');
  return found.toSorted((one, other) => (ascending ? one.date - other.date : other.date - one.date)).map((meeting) => () => meetingElement(meeting, demandOf(query), look));
}

function isReversed(query: URLSearchParams): boolean {
  return ['reverse', 'descending'].includes(query.get('sort_order') ?? '');
}

function organisations(look: Look): readonly Row[] {
  return [() => rootElement(look), ...activeOrganisations(look.desk.town()).map((organisation) => () => organisationElement(organisation, look))];
}

/** One page; where there are more, with the addresses of the others (§1). */
function page(rows: readonly Row[], { query, base }: Look): HttpReply {
  const size = Math.max(1, Math.trunc(Number(query.get('b_size') ?? PAGE)) || PAGE);
  const start = Math.max(0, Math.trunc(Number(query.get('b_start') ?? 0)) || 0);
  const at = (from: number): string => {
    const parameters = new URLSearchParams(query);
    parameters.set('b_start', String(from));
    return `${base}/@search?${parameters.toString()}`;
  };
  const last = Math.max(0, Math.ceil(rows.length / size) - 1) * size;
  const batching = rows.length <= size ? {} : {
    batching: { '@id': at(start), 'first': at(0), 'last': at(last), ...start + size < rows.length && { next: at(start + size) }, ...start > 0 && { prev: at(Math.max(0, start - size)) } },
  };
  return json({ '@id': `${base}/@search`, 'items_total': rows.length, 'items': rows.slice(start, start + size).map((row) => row()), ...batching });
}
