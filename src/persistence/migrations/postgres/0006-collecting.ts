import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADD_COLLECTING, DROP_COLLECTING } from '../0008-collecting.js';

export class PostgresCollecting0000000000006 implements MigrationInterface {
  readonly name = 'PostgresCollecting0000000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_COLLECTING) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DROP_COLLECTING) await runner.query(statement);
  }
}
