import type { MigrationInterface, QueryRunner } from 'typeorm';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { RetryPolicy } from '../../domain/delivery.js';
import type { Flow, Step } from '../../domain/flow.js';

const TABLES = [
  // what differs between connectors of an authority is looked up by a number: shorter in the indexes of deliveries
  `CREATE TABLE connector_state (
    lane INTEGER PRIMARY KEY, authority TEXT NOT NULL, connector TEXT NOT NULL, breaker TEXT NOT NULL DEFAULT 'closed',
    failures INTEGER NOT NULL DEFAULT 0, opened_at BIGINT, reason TEXT, canary_at BIGINT, hold_by TEXT, hold_at BIGINT,
    hold_reason TEXT, next_slot_at BIGINT NOT NULL DEFAULT 0, UNIQUE (authority, connector))`,
  `CREATE TABLE flow_version (
    authority TEXT NOT NULL, flow TEXT NOT NULL, version TEXT NOT NULL, definition TEXT NOT NULL,
    PRIMARY KEY (authority, flow, version))`,
  `CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, authority TEXT NOT NULL, lane INTEGER NOT NULL REFERENCES connector_state (lane),
    item_seq INTEGER NOT NULL REFERENCES item (seq), item_uid TEXT NOT NULL, flow TEXT NOT NULL, flow_version TEXT NOT NULL,
    step TEXT NOT NULL, position INTEGER NOT NULL, role TEXT NOT NULL, connector TEXT NOT NULL, operation TEXT NOT NULL,
    state TEXT NOT NULL, state_since BIGINT NOT NULL, created_at BIGINT NOT NULL, attempts INTEGER NOT NULL,
    polls INTEGER NOT NULL, due_at BIGINT NOT NULL, epoch INTEGER NOT NULL, lease_owner TEXT, lease_until BIGINT,
    marked_at BIGINT, remote_reference TEXT, receipt_data TEXT, results TEXT, reason TEXT, fix TEXT, retry TEXT NOT NULL,
    order_key TEXT, cancel_requested BOOLEAN NOT NULL)`,
];

/** What is over is in the first three only: claiming, counting and reaping cost the same however much has been delivered. */
const INDEXES = [
  'CREATE INDEX delivery_item ON delivery (item_seq, position)',
  'CREATE INDEX delivery_id ON delivery (id)',
  'CREATE INDEX delivery_authority ON delivery (authority, seq)',
  'CREATE INDEX delivery_ready ON delivery (lane, due_at, seq) WHERE state = \'ready\' AND order_key IS NULL',
  'CREATE INDEX delivery_ordered ON delivery (lane, order_key, seq) WHERE order_key IS NOT NULL AND state IN (\'ready\', \'sending\')',
  'CREATE INDEX delivery_sent ON delivery (lane, due_at, seq) WHERE state = \'sent\'',
  'CREATE INDEX delivery_lease ON delivery (lane, lease_until) WHERE lease_until IS NOT NULL',
  'CREATE INDEX delivery_open ON delivery (lane, state, state_since) WHERE state NOT IN (\'done\', \'skipped\', \'rejected\', \'cancelled\')',
];

/** The deliveries of the first release name no version of their flow: items that went the same way share one that is made of
 * their rows. Their journal says since when they are in their state. */
const CARRY_OVER = [
  'ALTER TABLE item ADD COLUMN purged_at BIGINT',
  'ALTER TABLE delivery RENAME TO old_delivery',
  'DROP INDEX delivery_item', 'DROP INDEX delivery_ready', 'DROP INDEX delivery_lease',
  ...TABLES,
  'INSERT INTO connector_state (authority, connector) SELECT DISTINCT authority, connector FROM old_delivery ORDER BY authority, connector',
  `CREATE TEMP TABLE way AS SELECT item_seq, authority, flow,
      json_group_array(json_object('id', step, 'connector', connector, 'operation', operation, 'retry', json(retry))) AS steps
    FROM (SELECT * FROM old_delivery ORDER BY item_seq, flow, position) GROUP BY item_seq, flow`,
  'CREATE TEMP TABLE way_version AS SELECT authority, flow, steps, \'first-release-\' || row_number() OVER (PARTITION BY authority, flow ORDER BY min(item_seq)) AS version FROM way GROUP BY authority, flow, steps',
  'CREATE UNIQUE INDEX temp.way_item ON way (item_seq, flow)',
  'CREATE UNIQUE INDEX temp.way_steps ON way_version (authority, flow, steps)',
  `INSERT INTO delivery SELECT d.seq, d.id, d.authority, c.lane, d.item_seq, d.item_uid, d.flow, v.version, d.step, d.position,
      'step', d.connector, d.operation, d.state,
      coalesce((SELECT max(j.at) FROM journal j WHERE j.item = d.item_uid AND j.authority = d.authority AND json_extract(j.data, '$.delivery') = d.id), i.created_at),
      i.created_at, d.attempts, 0, d.due_at, d.epoch, d.lease_owner, d.lease_until, d.marked_at, d.remote_reference, NULL, NULL,
      d.reason, NULL, d.retry, NULL, 0
    FROM old_delivery d JOIN item i ON i.seq = d.item_seq
      JOIN connector_state c ON c.authority = d.authority AND c.connector = d.connector
      JOIN way w ON w.item_seq = d.item_seq AND w.flow = d.flow
      JOIN way_version v ON v.authority = w.authority AND v.flow = w.flow AND v.steps = w.steps`,
];

const TAKE_BACK = [
  'ALTER TABLE delivery RENAME TO new_delivery',
  ...['item', 'id', 'authority', 'ready', 'ordered', 'sent', 'lease', 'open'].map((index) => `DROP INDEX delivery_${index}`),
  `CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, authority TEXT NOT NULL,
    item_seq INTEGER NOT NULL REFERENCES item (seq), item_uid TEXT NOT NULL, flow TEXT NOT NULL, step TEXT NOT NULL, position INTEGER NOT NULL,
    connector TEXT NOT NULL, operation TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    due_at BIGINT NOT NULL, epoch INTEGER NOT NULL, lease_owner TEXT, lease_until BIGINT, marked_at BIGINT,
    remote_reference TEXT, reason TEXT, retry TEXT NOT NULL)`,
  `INSERT INTO delivery SELECT seq, id, authority, item_seq, item_uid, flow, step, position, connector, operation, state, attempts,
    due_at, epoch, lease_owner, lease_until, marked_at, remote_reference, reason, retry FROM new_delivery`,
  'CREATE INDEX delivery_item ON delivery (item_seq, position)',
  'CREATE INDEX delivery_ready ON delivery (authority, due_at) WHERE state = \'ready\'',
  'CREATE INDEX delivery_lease ON delivery (lease_until) WHERE state = \'sending\'',
  ...['new_delivery', 'flow_version', 'connector_state'].map((table) => `DROP TABLE ${table}`),
  'ALTER TABLE item DROP COLUMN purged_at',
];

/** The delivery engine: lanes with their breaker, versions of flows, and what a delivery has beyond the first release. */
export class DeliveryEngine0000000000002 implements MigrationInterface {
  readonly name = 'DeliveryEngine0000000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of CARRY_OVER) await runner.query(statement);
    const versions = await runner.query('SELECT authority, flow, version, steps FROM way_version') as { authority: string; flow: string; version: string; steps: string }[];
    for (const { authority, flow, version, steps } of versions) {
      const definition = oneAfterTheOther(flow, JSON.parse(steps) as OldStep[]);
      await runner.query('INSERT INTO flow_version (authority, flow, version, definition) VALUES (?, ?, ?, ?)', [authority, flow, version, canonicalJson(definition)]);
    }
    for (const table of ['way', 'way_version', 'old_delivery']) await runner.query(`DROP TABLE ${table}`);
    for (const statement of INDEXES) await runner.query(statement);
  }

  /** Back to the rows of the first release: what it did not know is lost. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of TAKE_BACK) await runner.query(statement);
  }
}

interface OldStep { readonly id: string; readonly connector: string; readonly operation: string; readonly retry: RetryPolicy }

/** Each step of the first release came after the one before it, sent the item as it was and changed nothing on it. */
function oneAfterTheOther(id: string, rows: readonly OldStep[]): Flow {
  const steps = rows.map((row, index): Step => ({
    ...row, after: rows.slice(Math.max(0, index - 1), index).map((before) => before.id), when: null, waitFor: null, fields: {}, hours: null,
    results: { annexType: null, relatedTo: 'decision', stateWhenDone: null, stateWhenRejected: null },
  }));
  return { id, when: {}, steps, onRejection: [] };
}
