import type { ValueTransformer } from 'typeorm';
import { EntitySchema, EntitySchemaOptions } from 'typeorm';
import type { BreakerState } from '../domain/connector-state.js';
import type { Delivery } from '../domain/delivery.js';
import type { Flow } from '../domain/flow.js';
import type { Annex, HistoryEvent, Item } from '../domain/item.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { FieldValue } from '../domain/mapping.js';

/** Rows as TypeORM reads them. `seq` is the order of insertion. Tables are made by the migrations only. */
export type ItemRow = Omit<Item, 'annexes' | 'askedTransitions'> & {
  readonly seq: number;
  /** Null: none. */
  readonly askedTransitions: readonly string[] | null;
  /** Bytes of the texts, so that a page of a large answer can be cut by weight. */
  readonly textBytes: number;
  /** When its content was removed; null: it is there. */
  readonly purgedAt: number | null;
};
export type AnnexRow = Omit<Annex, 'role'> & {
  readonly authority: string;
  readonly itemSeq: number;
  readonly position: number;
  /** Null: it came with the item. */
  readonly role: string | null;
};
export type HistoryEventRow = HistoryEvent & { readonly itemSeq: number; readonly position: number };
export interface ItemAdviserRow { readonly itemSeq: number; readonly organisation: string }
export type DeliveryRow = Delivery & {
  readonly seq: number;
  readonly itemSeq: number;
  /** Number of its connector's row in `connector_state`. */
  readonly lane: number;
  readonly createdAt: number;
  /** Fields that the remote gave back; null: none. */
  readonly results: Readonly<Record<string, FieldValue>> | null;
  /** The others are for the statements that claim: they are not read, and null in what is inserted. */
  readonly loadGroup?: string | null;
  readonly loadWeight?: number | null;
  readonly loadCount?: number | null;
  readonly gatheredAt?: number | null;
  readonly apart?: number | null;
  readonly slot?: number | null;
};
export interface FlowVersionRow { readonly authority: string; readonly flow: string; readonly version: string; readonly definition: Flow }
export interface ConnectorStateRow {
  readonly lane: number;
  readonly authority: string;
  readonly connector: string;
  readonly breaker: BreakerState;
  readonly failures: number;
  readonly openedAt: number | null;
  readonly reason: string | null;
  readonly canaryAt: number | null;
  readonly holdBy: string | null;
  readonly holdAt: number | null;
  readonly holdReason: string | null;
  /** When the next delivery may begin by the rate of the connector. */
  readonly nextSlotAt: number;
  /** When it may be asked next what waits over there; for the statement that asks. */
  readonly collectAt?: number;
}
export interface MeetingRow { readonly authority: string; readonly uid: string; readonly configId: string; readonly id: string; readonly date: number }

const json: ValueTransformer = {
  to: (value: unknown) => JSON.stringify(value),
  from: (text: string): unknown => JSON.parse(text),
};

/** Null is the database's own. */
const jsonOrNull: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (text: string | null): unknown => (text === null ? null : JSON.parse(text)),
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
  purgedAt: { type: 'bigint', name: 'purged_at', nullable: true },
  title: { type: 'text' },
  associatedOrganisations: { type: 'text', name: 'associated_organisations', transformer: json },
  organisationsInCharge: { type: 'text', name: 'organisations_in_charge', transformer: json },
  optionalAdvisers: { type: 'text', name: 'optional_advisers', transformer: json },
  extra: { type: 'text', transformer: json },
  description: { type: 'text' },
  detailedDescription: { type: 'text', name: 'detailed_description' },
  motivation: { type: 'text' },
  decision: { type: 'text' },
  askedTransitions: { type: 'text', name: 'asked_transitions', nullable: true, transformer: jsonOrNull },
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
  role: { type: 'text', nullable: true },
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

const OF_CLAIMS = { nullable: true, select: false, insert: false } as const;

export const DeliveryEntity = table<DeliveryRow>('delivery', {
  seq: { type: 'integer', primary: true, generated: 'increment' },
  id: { type: 'text' },
  authority: { type: 'text' },
  lane: { type: 'integer' },
  itemSeq: { type: 'integer', name: 'item_seq' },
  itemUid: { type: 'text', name: 'item_uid' },
  flow: { type: 'text' },
  flowVersion: { type: 'text', name: 'flow_version' },
  step: { type: 'text' },
  position: { type: 'integer' },
  role: { type: 'text' },
  connector: { type: 'text' },
  operation: { type: 'text' },
  state: { type: 'text' },
  stateSince: { type: 'bigint', name: 'state_since' },
  createdAt: { type: 'bigint', name: 'created_at' },
  attempts: { type: 'integer' },
  polls: { type: 'integer' },
  dueAt: { type: 'bigint', name: 'due_at' },
  epoch: { type: 'integer' },
  leaseOwner: { type: 'text', name: 'lease_owner', nullable: true },
  leaseUntil: { type: 'bigint', name: 'lease_until', nullable: true },
  markedAt: { type: 'bigint', name: 'marked_at', nullable: true },
  remoteReference: { type: 'text', name: 'remote_reference', nullable: true },
  receiptData: { type: 'text', name: 'receipt_data', nullable: true, transformer: jsonOrNull },
  results: { type: 'text', nullable: true, transformer: jsonOrNull },
  reason: { type: 'text', nullable: true },
  fix: { type: 'text', nullable: true },
  retry: { type: 'text', transformer: json },
  orderKey: { type: 'text', name: 'order_key', nullable: true },
  cancelRequested: { type: 'boolean', name: 'cancel_requested' },
  foundAs: { type: 'text', name: 'found_as', nullable: true },
  loadGroup: { ...OF_CLAIMS, type: 'text', name: 'load_group' },
  loadWeight: { ...OF_CLAIMS, type: 'bigint', name: 'load_weight' },
  loadCount: { ...OF_CLAIMS, type: 'integer', name: 'load_count' },
  gatheredAt: { ...OF_CLAIMS, type: 'bigint', name: 'gathered_at' },
  apart: { ...OF_CLAIMS, type: 'integer' },
  slot: { ...OF_CLAIMS, type: 'bigint' },
});

export const FlowVersionEntity = table<FlowVersionRow>('flow_version', {
  authority: { type: 'text', primary: true },
  flow: { type: 'text', primary: true },
  version: { type: 'text', primary: true },
  definition: { type: 'text', transformer: json },
});

export const ConnectorStateEntity = table<ConnectorStateRow>('connector_state', {
  lane: { type: 'integer', primary: true, generated: 'increment' },
  authority: { type: 'text' },
  connector: { type: 'text' },
  breaker: { type: 'text' },
  failures: { type: 'integer' },
  openedAt: { type: 'bigint', name: 'opened_at', nullable: true },
  reason: { type: 'text', nullable: true },
  canaryAt: { type: 'bigint', name: 'canary_at', nullable: true },
  holdBy: { type: 'text', name: 'hold_by', nullable: true },
  holdAt: { type: 'bigint', name: 'hold_at', nullable: true },
  holdReason: { type: 'text', name: 'hold_reason', nullable: true },
  nextSlotAt: { type: 'bigint', name: 'next_slot_at' },
  collectAt: { type: 'bigint', name: 'collect_at', select: false, insert: false },
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

export const ENTITIES = [ItemEntity, ItemAdviserEntity, AnnexEntity, HistoryEventEntity, FlowVersionEntity, ConnectorStateEntity, DeliveryEntity, JournalEntity, MeetingEntity];
