import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a file that a step brought back is for; null for what came with the item. The same on both engines. */
export const ADD_ROLE = 'ALTER TABLE annex ADD COLUMN role TEXT';
export const DROP_ROLE = 'ALTER TABLE annex DROP COLUMN role';

export class AnnexRoles0000000000006 implements MigrationInterface {
  readonly name = 'AnnexRoles0000000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ADD_ROLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_ROLE);
  }
}
