import type { ItemNews, ResultDocument, Results } from '../connector-api/connector.js';
import type { StepResults } from '../domain/flow.js';
import type { Annex, ExtraValue, Item } from '../domain/item.js';
import type { FieldValue } from '../domain/mapping.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import { safeFilename } from '../domain/safe-filename.js';
import { fileUrlId } from '../domain/url-id.js';
import type { ClaimedDelivery, BroughtBack } from './store.js';

/** How a step stands when it brings something back. `reason` and `reference` in plain words, as the remote gave them. */
export type Ending =
  | { readonly state: 'done'; readonly reference: string | null }
  | { readonly state: 'rejected'; readonly reason: string }
  /** Not over yet: the review state stays. */
  | { readonly state: 'sent' };

export interface BringBackParts {
  /** Meeting config of the item; undefined when it is configured no more. */
  readonly meetingConfig: MeetingConfig | undefined;
  /** The connector has a say in what the item is. */
  readonly decides: boolean;
  readonly newId: () => string;
}

/** Makes of what a connector brought back what is put on the item: complete annexes, the fields, the review state that
 * the step asks for, and what the item has become over there. */
export function bringBack(results: Results | undefined, ending: Ending, claimed: Pick<ClaimedDelivery, 'item' | 'step'>, parts: BringBackParts): BroughtBack {
  const { fields = {} } = results ?? {};
  const itemFields = itemFieldsOf(fields, claimed.step.results);
  const item = parts.decides ? newsOf(results?.item ?? {}, claimed.item) : {};
  return {
    fields,
    ...(Object.keys(itemFields).length > 0 && { itemFields }),
    annexes: annexesOf(results?.documents ?? [], claimed, parts),
    reviewState: reviewStateOf(ending, claimed),
    ...(Object.keys(item).length > 0 && { item }),
  };
}

/** What was not brought back this time stays on the item as it is, and so does what was brought back without a value. */
function itemFieldsOf(fields: Readonly<Record<string, FieldValue>>, { itemFields = {} }: StepResults): Readonly<Record<string, ExtraValue>> {
  return Object.fromEntries(Object.entries(itemFields).flatMap(([name, from]) => {
    const value = Object.hasOwn(fields, from) ? fields[from] ?? null : null;
    return value === null ? [] : [[name, value]];
  }));
}

/** What a system that decides tells of an item again and again is mostly what it told before. */
function newsOf(news: ItemNews, item: Item): ItemNews {
  return Object.fromEntries(Object.entries(news).filter(([name, value]) => value !== undefined && value !== item[name as keyof ItemNews]));
}

function annexesOf(documents: readonly ResultDocument[], { item, step }: Pick<ClaimedDelivery, 'item' | 'step'>, { meetingConfig, newId }: BringBackParts): Annex[] {
  const given = new Map(item.annexes.map(({ id }) => [id, 0]));
  return documents.map(named).filter((document) => !item.annexes.some((annex) => isThat(annex, document))).map(({ title, filename, mediaType, sha256, size, role, confidential = false }) => ({
    uid: newId(), id: fileUrlId(filename, given), title, ...annexTypeOf(role, step.results, meetingConfig),
    filename, mediaType, size, sha256, confidential, ...(role === undefined ? {} : { role }),
  }));
}

/** With the names that its annex gets. */
function named(document: ResultDocument): ResultDocument {
  const filename = safeFilename(document.filename) ?? 'document';
  return { ...document, filename, title: document.title === '' ? filename : document.title };
}

/** A connector may give back again what it gave back with an earlier answer. */
function isThat(annex: Annex, { sha256, title, filename, role }: ResultDocument): boolean {
  return annex.sha256 === sha256 && annex.filename === filename && annex.title === title && annex.role === role;
}

/** The type that the step gives to documents of this role, which decides what they are related to; else that of the step, else
 * the first that fits. */
function annexTypeOf(role: string | undefined, { annexType, annexTypes = {}, relatedTo }: StepResults, config: MeetingConfig | undefined): Pick<Annex, 'typeId' | 'relatedTo'> {
  const ofRole = role !== undefined && Object.hasOwn(annexTypes, role) ? annexTypes[role] : undefined;
  if (ofRole !== undefined) return { typeId: ofRole, relatedTo: config?.annexTypes.find(({ id }) => id === ofRole)?.relatedTo ?? relatedTo };
  return { typeId: annexType ?? config?.annexTypes.find((type) => type.relatedTo === relatedTo)?.id ?? '', relatedTo };
}

/** The review state that the item takes when a step ends; null: it keeps its own. */
export function reviewStateOf(ending: Ending, { item, step }: { readonly item: Pick<Item, 'reviewState'>; readonly step: Pick<ClaimedDelivery['step'], 'id' | 'results'> }): BroughtBack['reviewState'] {
  if (ending.state === 'sent') return null;
  const to = ending.state === 'done' ? step.results.stateWhenDone : step.results.stateWhenRejected;
  if (to === null || to === item.reviewState) return null;
  if (ending.state === 'rejected') return { to, action: 'relais_step_rejected', comment: `Step «${step.id}» was rejected: ${ending.reason}` };
  return { to, action: 'relais_step_done', comment: `Step «${step.id}» is done${ending.reference === null ? '' : `, reference ${ending.reference}`}.` };
}
