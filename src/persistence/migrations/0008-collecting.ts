import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a connector may be asked next what waits over there. What is collected may be about a delivery that ended long ago, so all are
 * found by what the other side calls them. The same on both engines. */
export const ADD_COLLECTING = [
  'ALTER TABLE connector_state ADD COLUMN collect_at BIGINT NOT NULL DEFAULT 0',
  'DROP INDEX delivery_reference',
  'CREATE INDEX delivery_reference ON delivery (lane, remote_reference) WHERE remote_reference IS NOT NULL',
];

export const DROP_COLLECTING = [
  'ALTER TABLE connector_state DROP COLUMN collect_at',
  'DROP INDEX delivery_reference',
  'CREATE INDEX delivery_reference ON delivery (lane, remote_reference) WHERE state = \'sent\'',
];

export class Collecting0000000000008 implements MigrationInterface {
  readonly name = 'Collecting0000000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_COLLECTING) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DROP_COLLECTING) await runner.query(statement);
  }
}
