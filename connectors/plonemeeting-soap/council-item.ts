import type { CouncilAnnex, CouncilDocument, CouncilItem } from '../../src/connector-api/deliberation.js';
import type { ExtraValue } from '../../src/domain/item.js';
import { COMPUTED_INFOS } from '../../src/domain/item-fields.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';
import { safeFilename } from '../../src/domain/safe-filename.js';
import type { ReceivedAny } from '../../src/soap-client/values.js';
import type { AnnexInfo, ItemInfo, TemplateInfo } from './answers.js';
import type { Catalogue } from './catalogue.js';
import type { CouncilSoapSettings } from './config.js';
import { givenIdentifier } from './identifier.js';
import { momentOf } from './moments.js';

/** What finds an annex again. */
export interface AnnexPlace {
  readonly item: string;
  readonly id: string;
  readonly typeId: string;
  readonly filename: string;
}

/** An item as the port has it. `configId`: where `extraInfos` were not asked for, and so do not tell it. */
export function councilItem(info: ItemInfo, configId: string, catalogue: Catalogue, settings: CouncilSoapSettings): CouncilItem {
  const infos = extraInfos(info);
  const textOf = (name: string): string => { const value = infos.get(name); return typeof value === 'string' ? value : ''; };
  const told = textOf('proposingGroup');
  const category = categoryOf(info, configId, catalogue, textOf('category_title'));
  const date = momentOf(info.meeting_date, settings);
  return {
    uid: info.UID, id: info.id, configId, title: info.title, creator: info.creator, creatorName: textOf('creator_fullname'),
    createdAt: momentOf(info.creation_date, settings) ?? 0, modifiedAt: momentOf(info.modification_date, settings) ?? 0,
    reviewState: info.review_state, reviewStateTitle: textOf('review_state_translated'),
    proposingOrganisation: told !== '' ? told : category === null ? groupOf(info, catalogue)?.UID ?? '' : '',
    category, description: info.description, detailedDescription: info.detailedDescription, motivation: textOf('motivation'), decision: info.decision,
    preferredMeeting: info.preferredMeeting === '' ? null : info.preferredMeeting,
    meeting: info.meeting === '' || date === null ? null : { uid: info.meeting, date },
    externalIdentifier: givenIdentifier(info.externalIdentifier), address: info.absolute_url,
    extra: Object.fromEntries([...infos].filter(([name]) => !COMPUTED.has(name))),
    assembly: info.item_assembly ?? null,
    annexes: info.annexes.map((annex) => annexOf(annex, info.UID)), documents: info.templates.map(documentOf),
  };
}

/** The config that an item says it is of; undefined where it does not. */
export function toldConfig(info: ItemInfo): string | undefined {
  const value = extraInfos(info).get('meeting_config_id');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const COMPUTED: ReadonlySet<string> = new Set<string>(COMPUTED_INFOS);

/** contracts/ws4pm.md §5.2. What is none is left out. */
function extraInfos({ extraInfos: infos }: ItemInfo): ReadonlyMap<string, ExtraValue> {
  return new Map((infos?.children ?? []).flatMap((child): [string, ExtraValue][] => (child.isNil ? [] : [[child.name, valueOf(child)]])));
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'integer', 'long', 'float', 'double', 'decimal']);

function valueOf({ type, text, children }: ReceivedAny): ExtraValue {
  if (type === 'boolean') return /^\s*(?:true|1)\s*$/i.test(text);
  if (type !== null && NUMBERS.has(type)) return Number.isFinite(Number(text)) ? Number(text) : text;
  // an empty list looks like an element without type
  return type === null && (children.length > 0 || text === '') ? children.map((child) => child.text) : text;
}

/** An item without category tells the id of its organisation in place of one (contracts/ws4pm.md §2.3). */
function categoryOf(info: ItemInfo, configId: string, { configs }: Catalogue, title: string): CouncilItem['category'] {
  const { category: id } = info;
  if (id === '') return null;
  const { categories = [] } = configs.find((config) => config.id === configId) ?? {};
  const known = categories.find((category) => category.id === id);
  if (known !== undefined) return { id, title: known.title };
  return categories.length === 0 ? null : { id, title: title === '' ? id : title };
}

function groupOf({ category }: ItemInfo, { groups }: Catalogue): Catalogue['groups'][number] | undefined {
  return category === '' ? undefined : groups.find(({ id }) => id === category);
}

function annexOf({ id, title, annexTypeId, filename: told }: AnnexInfo, item: string): CouncilAnnex {
  const place: AnnexPlace = { item, id, typeId: annexTypeId, filename: told };
  const filename = safeFilename(told) ?? id;
  return {
    id: id === '' ? filename : id, title, typeId: annexTypeId, relatedTo: isOfDecision(annexTypeId) ? 'decision' : 'item',
    filename, mediaType: mediaTypeOf(filename), size: null, place,
  };
}

/** By the group of annex types in the long id of one (contracts/ws4pm.md §3.6). */
export function isOfDecision(annexTypeId: string): boolean {
  return /annexes_types_-_\w*decision\w*_-_/.test(annexTypeId);
}

function documentOf({ templateId, title, templateFormat: format, templateFilename: filename }: TemplateInfo): CouncilDocument {
  return { templateId, title, format, filename };
}
