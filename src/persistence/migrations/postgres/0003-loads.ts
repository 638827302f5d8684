import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADD_LOADS, DROP_LOADS } from '../0005-loads.js';

export class PostgresLoads0000000000003 implements MigrationInterface {
  readonly name = 'PostgresLoads0000000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_LOADS) await runner.query(statement.replace('load_group TEXT', 'load_group word'));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DROP_LOADS) await runner.query(statement);
  }
}
