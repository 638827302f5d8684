import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What waits for a load is looked for by its group, and by nothing that looks for the rest. `apart`, 1: not before its own time,
 * because it was tried. `slot`: `seq` of the delivery that was claimed; those that are carried out with it share it. What was
 * sent is found by what the other side calls it. The same on both engines. */
export const ADD_LOADS = [
  ...['load_group TEXT', 'load_weight BIGINT', 'load_count INTEGER', 'gathered_at BIGINT', 'apart INTEGER', 'slot BIGINT'].map((column) => `ALTER TABLE delivery ADD COLUMN ${column}`),
  ...['ready', 'ordered', 'lease'].map((index) => `DROP INDEX delivery_${index}`),
  'CREATE INDEX delivery_ready ON delivery (lane, due_at, seq) WHERE state = \'ready\' AND order_key IS NULL AND load_group IS NULL',
  'CREATE INDEX delivery_ordered ON delivery (lane, order_key, seq) WHERE order_key IS NOT NULL AND load_group IS NULL AND state IN (\'ready\', \'sending\')',
  'CREATE INDEX delivery_lease ON delivery (lane, lease_until, slot) WHERE lease_until IS NOT NULL',
  'CREATE INDEX delivery_gathered_due ON delivery (lane, due_at, load_group, load_count) WHERE state = \'ready\' AND load_group IS NOT NULL',
  'CREATE INDEX delivery_gathered ON delivery (lane, load_group, gathered_at, seq) WHERE state = \'ready\' AND load_group IS NOT NULL',
  'CREATE INDEX delivery_reference ON delivery (lane, remote_reference) WHERE state = \'sent\'',
];

/** Those that waited for a load wait for nothing any more. */
export const DROP_LOADS = [
  ...['ready', 'ordered', 'lease', 'gathered_due', 'gathered', 'reference'].map((index) => `DROP INDEX delivery_${index}`),
  ...['load_group', 'load_weight', 'load_count', 'gathered_at', 'apart', 'slot'].map((column) => `ALTER TABLE delivery DROP COLUMN ${column}`),
  'CREATE INDEX delivery_ready ON delivery (lane, due_at, seq) WHERE state = \'ready\' AND order_key IS NULL',
  'CREATE INDEX delivery_ordered ON delivery (lane, order_key, seq) WHERE order_key IS NOT NULL AND state IN (\'ready\', \'sending\')',
  'CREATE INDEX delivery_lease ON delivery (lane, lease_until) WHERE lease_until IS NOT NULL',
];

export class Loads0000000000005 implements MigrationInterface {
  readonly name = 'Loads0000000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_LOADS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DROP_LOADS) await runner.query(statement);
  }
}
