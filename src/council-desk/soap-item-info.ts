import type { Meeting, MeetingConfig } from '../domain/meeting-config.js';
import { wallClock } from '../domain/wall-clock.js';
import type { CouncilDesk } from './council-desk.js';
import type { DeskAnnex, DeskItem, DeskValue } from './desk-item.js';
import { soapAssembly } from './soap-assembly.js';
import { part, type SoapPart } from './soap-writing.js';
import { configOf, templateFilename, templatesFor } from './town-rights.js';

/** How the server tells times, and what its elements are called from outside. */
export interface SoapManner {
  readonly desk: CouncilDesk;
  /** `https://pm.ville.example` */
  readonly base: string;
  readonly timeZone: string;
  /** `wall`: the time on the wall with a Z that is not true, as the reference server has it (contracts/ws4pm.md §1.5). */
  readonly dates: 'wall' | 'utc';
}

/** What of an item is shown. */
export interface Shown {
  readonly extraInfos: boolean;
  readonly annexes: boolean;
  readonly binary: boolean;
  /** Long ids; empty: all. */
  readonly annexTypes: readonly string[];
  readonly assembly: boolean;
  readonly templates: boolean;
}

export const MAIN_FIELDS_ALONE: Shown = { extraInfos: false, annexes: false, binary: false, annexTypes: [], assembly: false, templates: false };

/** An ItemInfo (contracts/ws4pm.md §2.2, §2.3). */
export function itemInfo(item: DeskItem, shown: Shown, manner: SoapManner): SoapPart {
  const { desk, base } = manner;
  const meeting = meetingOf(item.meeting, desk);
  return part('itemInfo', [
    ...mainParts(item, manner), part('review_state', item.state),
    ...meeting === undefined ? [] : [part('meeting', meeting.uid)],
    part('meeting_date', dateOf(meeting?.date, manner)),
    ...shown.assembly && meeting !== undefined ? [part('item_assembly', soapAssembly(item, meeting))] : [],
    part('absolute_url', `${base}/${item.path}`), part('externalIdentifier', item.externalIdentifier), ...shownParts(item, shown, desk),
  ], 'ns1:ItemInfo');
}

function mainParts(item: DeskItem, manner: SoapManner): readonly SoapPart[] {
  const { desk } = manner;
  const group = desk.town().organisations.find(({ uid }) => uid === item.proposingGroup);
  return [
    part('UID', item.uid), part('id', item.path.split('/').at(-1) ?? ''), part('title', item.title), part('creator', item.creator),
    part('creation_date', dateOf(item.createdAt, manner)), part('modification_date', dateOf(item.modifiedAt, manner)),
    part('category', item.category ?? group?.id ?? ''), part('description', item.description), part('detailedDescription', item.detailedDescription), part('decision', item.decision),
    part('preferredMeeting', item.preferredMeeting ?? ''), part('preferred_meeting_date', dateOf(meetingOf(item.preferredMeeting, desk)?.date, manner)),
  ];
}

function meetingOf(uid: string | null, desk: CouncilDesk): Meeting | undefined {
  return uid === null ? undefined : desk.meeting(uid);
}

function shownParts(item: DeskItem, shown: Shown, desk: CouncilDesk): readonly SoapPart[] {
  const config = configOf(desk.town(), item);
  if (config === undefined) return [part('extraInfos', [])];
  return [
    part('extraInfos', shown.extraInfos ? extraInfos(item, config, desk) : []),
    ...shown.annexes ? annexes(item, config, shown, desk) : [], ...shown.templates ? templates(item, config) : [],
  ];
}

const NO_DATE = '1950-01-01T00:00:00.006Z';

/** The fraction is the number of the weekday, Monday 0, left out where it is 0. */
export function dateOf(at: number | undefined, { timeZone, dates }: SoapManner): string {
  if (at === undefined) return NO_DATE;
  const shown = new Date(dates === 'wall' ? wallClock(timeZone, at) : at);
  const weekday = (shown.getUTCDay() + 6) % 7;
  return `${shown.toISOString().slice(0, 19)}${weekday === 0 ? '' : `.00${weekday}`}Z`;
}

function extraInfos(item: DeskItem, config: MeetingConfig, desk: CouncilDesk): readonly SoapPart[] {
  const { organisations, users } = desk.town();
  const category = config.categories.find(({ id }) => id === item.category);
  const group = organisations.find(({ uid }) => uid === item.proposingGroup);
  const fields: Readonly<Record<string, DeskValue | null>> = {
    proposingGroup: item.proposingGroup, groupsInCharge: item.groupsInCharge, associatedGroups: item.associatedGroups, preferredMeeting: item.preferredMeeting ?? 'whatever',
    optionalAdvisers: item.optionalAdvisers, motivation: item.motivation, toDiscuss: item.toDiscuss, itemNumber: 0, itemIsSigned: false, pollType: null, ...item.extra,
    meeting_config_id: config.id, meeting_config_title: config.title,
    review_state_translated: config.workflow.states.find(({ id }) => id === item.state)?.title ?? item.state,
    category_title: category?.title ?? group?.title ?? '', creator_fullname: users.get(item.creator)?.fullname ?? item.creator,
  };
  return Object.entries(fields).map(([name, value]) => infoOf(name, value));
}

/** contracts/ws4pm.md §5.2: values of a list have other names each time. */
function infoOf(name: string, value: DeskValue | null): SoapPart {
  if (value === null) return part(name, null);
  if (typeof value === 'boolean') return part(name, String(value), 'xsd:boolean');
  if (typeof value === 'number') return part(name, String(value), 'xsd:int');
  if (typeof value === 'string') return part(name, value, 'xsd:string');
  return part(name, value.map((one, index) => part(`E${1000 + index}`, one, 'xsd:string')));
}

function annexes(item: DeskItem, config: MeetingConfig, { binary, annexTypes }: Shown, desk: CouncilDesk): readonly SoapPart[] {
  const told = item.annexes.map((annex) => ({ annex, typeId: longTypeId(annex, config) })).filter(({ typeId }) => annexTypes.length === 0 || annexTypes.includes(typeId));
  return told.map(({ annex, typeId }) => part('annexes', [
    part('id', annex.id), part('title', annex.title), part('annexTypeId', typeId), part('filename', annex.filename),
    ...binary ? [part('file', { size: annex.size, open: () => desk.files.read(annex.sha256) })] : [],
  ], 'ns1:AnnexInfo'));
}

/** contracts/ws4pm.md §3.6 */
function longTypeId({ relatedTo, typeId }: DeskAnnex, { id }: MeetingConfig): string {
  return `${id}-annexes_types_-_${relatedTo === 'decision' ? 'item_decision_annexes' : 'item_annexes'}_-_${typeId}`;
}

function templates(item: DeskItem, config: MeetingConfig): readonly SoapPart[] {
  return templatesFor(config, item).flatMap((template) => template.formats.map((format) => part('templates', [
    part('title', template.title), part('templateFormat', format), part('templateId', `${template.id}__format__${format}`), part('templateFilename', templateFilename(template)),
  ], 'ns1:TemplateInfo')));
}
