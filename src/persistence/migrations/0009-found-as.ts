import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an operator says the other side calls a delivery whose answer is awaited there. The same on both engines. */
export const ADD_FOUND_AS = 'ALTER TABLE delivery ADD COLUMN found_as TEXT';
export const DROP_FOUND_AS = 'ALTER TABLE delivery DROP COLUMN found_as';

export class FoundAs0000000000009 implements MigrationInterface {
  readonly name = 'FoundAs0000000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ADD_FOUND_AS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_FOUND_AS);
  }
}
