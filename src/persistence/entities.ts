import type { ValueTransformer } from 'typeorm';
import { EntitySchema, EntitySchemaOptions } from 'typeorm';
import type { Delivery } from '../domain/delivery.js';
import type { Annex, HistoryEvent, Item } from '../domain/item.js';
import type { JournalEntry } from '../domain/journal-entry.js';

/** Rows as TypeORM reads them. `seq` is the order of insertion. Tables are made by the migrations only. */
export type ItemRow = Omit<Item, 'annexes'> & {
  readonly seq: number;
  /** Bytes of the texts, so that a page of a large answer can be cut by weight. */
  readonly textBytes: number;
};
export type AnnexRow = Annex & { readonly authority: string; readonly itemSeq: number; readonly position: number };
export type HistoryEventRow = HistoryEvent & { readonly itemSeq: number; readonly position: number };
export interface ItemAdviserRow { readonly itemSeq: number; readonly organisation: string }
export type DeliveryRow = Delivery & { readonly seq: number; readonly itemSeq: number };
export interface MeetingRow { readonly authority: string; readonly uid: string; readonly configId: string; readonly id: string; readonly date: number }

const json: ValueTransformer = {
  to: (value: unknown) => JSON.stringify(value),
  from: (text: string): unknown => JSON.parse(text),
};

function table<Row extends object>(name: string, columns: EntitySchemaOptions<Row>['columns']): EntitySchema<Row> {
  const options = new EntitySchemaOptions<Row>();
  options.name = name;
  options.columns = columns;
  return new EntitySchema(options);
}

/** The object of the domain in a row: the row without what only the database needs. */
export function withoutColumns<Row extends object, Column extends keyof Row>(row: Row, ...columns: Column[]): Omit<Row, Column> {
  const rest: Partial<Row> = {};
  for (const column of Object.keys(row) as (keyof Row)[]) if (!columns.includes(column as Column)) rest[column] = row[column];
  return rest as Omit<Row, Column>;
}

export const ItemEntity = table<ItemRow>('item', {
  seq: { type: 'integer', primary: true, generated: 'increment' },
  uid: { type: 'text' },
  authority: { type: 'text' },
  kind: { type: 'text' },
  source: { type: 'text' },
  configId: { type: 'text', name: 'config_id' },
  id: { type: 'text', name: 'short_id' },
  creator: { type: 'text' },
  createdAt: { type: 'bigint', name: 'created_at' },
  modifiedAt: { type: 'bigint', name: 'modified_at' },
  reviewState: { type: 'text', name: 'review_state' },
  proposingOrganisation: { type: 'text', name: 'proposing_organisation' },
  category: { type: 'text', nullable: true },
  preferredMeeting: { type: 'text', name: 'preferred_meeting', nullable: true },
  meeting: { type: 'text', nullable: true },
  externalIdentifier: { type: 'text', name: 'external_identifier' },
  toDiscuss: { type: 'boolean', name: 'to_discuss' },
  textBytes: { type: 'integer', name: 'text_bytes' },
  title: { type: 'text' },
  associatedOrganisations: { type: 'text', name: 'associated_organisations', transformer: json },
  organisationsInCharge: { type: 'text', name: 'organisations_in_charge', transformer: json },
  optionalAdvisers: { type: 'text', name: 'optional_advisers', transformer: json },
  extra: { type: 'text', transformer: json },
  description: { type: 'text' },
  detailedDescription: { type: 'text', name: 'detailed_description' },
  motivation: { type: 'text' },
  decision: { type: 'text' },
});

export const ItemAdviserEntity = table<ItemAdviserRow>('item_adviser', {
  itemSeq: { type: 'integer', name: 'item_seq', primary: true },
  organisation: { type: 'text', primary: true },
});

export const AnnexEntity = table<AnnexRow>('annex', {
  itemSeq: { type: 'integer', name: 'item_seq', primary: true },
  position: { type: 'integer', primary: true },
  authority: { type: 'text' },
  uid: { type: 'text' },
  id: { type: 'text', name: 'short_id' },
  title: { type: 'text' },
  typeId: { type: 'text', name: 'type_id' },
  relatedTo: { type: 'text', name: 'related_to' },
  filename: { type: 'text' },
  mediaType: { type: 'text', name: 'media_type' },
  size: { type: 'bigint' },
  sha256: { type: 'text' },
  confidential: { type: 'boolean' },
});

export const HistoryEventEntity = table<HistoryEventRow>('history_event', {
  itemSeq: { type: 'integer', name: 'item_seq', primary: true },
  position: { type: 'integer', primary: true },
  at: { type: 'bigint' },
  actor: { type: 'text' },
  action: { type: 'text' },
  comment: { type: 'text' },
  fromState: { type: 'text', name: 'from_state', nullable: true },
  toState: { type: 'text', name: 'to_state', nullable: true },
});

export const DeliveryEntity = table<DeliveryRow>('delivery', {
  seq: { type: 'integer', primary: true, generated: 'increment' },
  id: { type: 'text' },
  authority: { type: 'text' },
  itemSeq: { type: 'integer', name: 'item_seq' },
  itemUid: { type: 'text', name: 'item_uid' },
  flow: { type: 'text' },
  step: { type: 'text' },
  position: { type: 'integer' },
  connector: { type: 'text' },
  operation: { type: 'text' },
  state: { type: 'text' },
  attempts: { type: 'integer' },
  dueAt: { type: 'bigint', name: 'due_at' },
  epoch: { type: 'integer' },
  leaseOwner: { type: 'text', name: 'lease_owner', nullable: true },
  leaseUntil: { type: 'bigint', name: 'lease_until', nullable: true },
  markedAt: { type: 'bigint', name: 'marked_at', nullable: true },
  remoteReference: { type: 'text', name: 'remote_reference', nullable: true },
  reason: { type: 'text', nullable: true },
  retry: { type: 'text', transformer: json },
});

export const JournalEntity = table<JournalEntry>('journal', {
  authority: { type: 'text', primary: true },
  sequence: { type: 'bigint', primary: true },
  at: { type: 'bigint' },
  actor: { type: 'text' },
  item: { type: 'text' },
  event: { type: 'text' },
  data: { type: 'text', transformer: json },
  hash: { type: 'text' },
});

export const MeetingEntity = table<MeetingRow>('meeting', {
  authority: { type: 'text', primary: true },
  uid: { type: 'text', primary: true },
  configId: { type: 'text', name: 'config_id' },
  id: { type: 'text', name: 'short_id' },
  date: { type: 'bigint' },
});

export const ENTITIES = [ItemEntity, ItemAdviserEntity, AnnexEntity, HistoryEventEntity, DeliveryEntity, JournalEntity, MeetingEntity];
