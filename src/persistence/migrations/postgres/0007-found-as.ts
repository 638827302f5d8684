import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADD_FOUND_AS, DROP_FOUND_AS } from '../0009-found-as.js';

export class PostgresFoundAs0000000000007 implements MigrationInterface {
  readonly name = 'PostgresFoundAs0000000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ADD_FOUND_AS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_FOUND_AS);
  }
}
