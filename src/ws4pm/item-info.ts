import { wireDate } from './wire-date.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { extraInfos } from '../deliberation/extra-infos.js';
import { itemUrl } from '../deliberation/item-address.js';
import { itemAssembly } from '../deliberation/item-assembly.js';
import { offeredTemplates, type OfferedTemplate } from '../deliberation/item-templates.js';
import { annexesOf, categoryOf, decisionOf, type ReadItem, type ShownAnnex } from '../deliberation/read-item.js';
import type { SourceSettings } from '../domain/source.js';
import { AnyContent, type OutgoingBinary, type ReplyStruct, type ReplyValue } from '../soap/service.js';

/** What a caller asks to see of an item beside its main fields. */
export interface ItemInfoOptions {
  readonly extraInfos: boolean;
  readonly annexes: boolean;
  readonly annexContents: boolean;
  /** Long or short annex type ids; empty: all. */
  readonly annexTypes: readonly string[];
  readonly assembly: boolean;
  readonly templates: boolean;
  readonly emptyValues: boolean;
  /** The application that asks, where it is answered in a way of its own. */
  readonly source: SourceSettings | undefined;
}

/** What searchItems shows. */
export const MAIN_FIELDS: Omit<ItemInfoOptions, 'source'> = {
  extraInfos: false, annexes: false, annexContents: false, annexTypes: [], assembly: false, templates: false, emptyValues: true,
};

/** ItemInfo of contracts/ws4pm.md §2.3, for the user who reads the item. Annex contents stream from where they are. */
export function itemInfo(context: DeliberationContext, read: ReadItem, options: ItemInfoOptions): ReplyStruct {
  const { item } = read;
  const settings = context.authority.ws4pm;
  const info: ReplyStruct = {
    UID: item.uid,
    id: item.id,
    title: item.title,
    creator: item.creator,
    creation_date: wireDate(settings, item.createdAt),
    modification_date: wireDate(settings, item.modifiedAt),
    category: categoryOf(read).id,
    description: item.description,
    detailedDescription: item.detailedDescription,
    decision: decisionOf(read),
    preferredMeeting: item.preferredMeeting ?? '',
    preferred_meeting_date: wireDate(settings, read.preferredMeeting?.date),
    review_state: stateFor(item.reviewState, options),
    meeting: item.meeting ?? undefined,
    meeting_date: wireDate(settings, read.meeting?.date),
    item_assembly: options.assembly ? itemAssembly(read) : undefined,
    absolute_url: itemUrl(context, read),
    externalIdentifier: item.externalIdentifier,
    extraInfos: new AnyContent(options.extraInfos ? extraInfosFor(read, options) : {}),
    annexes: options.annexes ? annexInfos(context, read, options) : [],
    templates: options.templates ? offeredTemplates(read).map(templateInfo) : [],
  };
  return filledOnly(info, options);
}

/** Callers compare states with those that they know. */
function stateFor(state: string, { source }: ItemInfoOptions): string {
  return source?.states.get(state) ?? state;
}

function filledOnly(info: ReplyStruct, { emptyValues, source }: ItemInfoOptions): ReplyStruct {
  if (!emptyValues) return withoutEmptyValues(info);
  return source?.omitsEmptyTexts === true ? withoutEmptyTexts(info) : info;
}

function extraInfosFor(read: ReadItem, { source }: ItemInfoOptions): AnyContent['children'] {
  const infos = extraInfos(read);
  return source?.omitsEmptyTexts === true ? withoutEmptyTexts(infos) : infos;
}

function withoutEmptyTexts<Value>(values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function annexInfos(context: DeliberationContext, read: ReadItem, { annexTypes, annexContents }: ItemInfoOptions): ReplyStruct[] {
  return annexesOf(read)
    .filter(({ typeId, typeAddress }) => annexTypes.length === 0 || annexTypes.includes(typeId) || annexTypes.includes(typeAddress))
    .map((annex) => annexInfo(annex, annexContents ? content(context, read, annex) : undefined));
}

function annexInfo({ id, title, typeAddress, filename }: ShownAnnex, file: OutgoingBinary | undefined): ReplyStruct {
  return { id, title, annexTypeId: typeAddress, filename, file };
}

/** A size is promised only for bytes of ours: what another system says of its own may be wrong by the time they come. */
function content({ backend }: DeliberationContext, read: ReadItem, annex: ShownAnnex): OutgoingBinary {
  const stream = () => backend.annexContent(read, annex);
  return 'sha256' in annex.bytes && annex.size !== null ? { stream, size: annex.size } : { stream };
}

function templateInfo({ title, format, templateId, filename }: OfferedTemplate): ReplyStruct {
  return { title, templateFormat: format, templateId, templateFilename: filename };
}

/** showEmptyValues=0: first level only. What the WSDL requires is never empty. */
function withoutEmptyValues(info: ReplyStruct): ReplyStruct {
  return Object.fromEntries(Object.entries(info).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: ReplyValue): boolean {
  if (value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return value instanceof AnyContent && Object.keys(value.children).length === 0;
}
