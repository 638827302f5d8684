import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADD_ROLE, DROP_ROLE } from '../0006-annex-roles.js';

export class PostgresAnnexRoles0000000000004 implements MigrationInterface {
  readonly name = 'PostgresAnnexRoles0000000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ADD_ROLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_ROLE);
  }
}
