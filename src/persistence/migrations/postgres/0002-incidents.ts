import type { MigrationInterface, QueryRunner } from 'typeorm';
import { INCIDENTS } from '../0004-incidents.js';

export class PostgresIncidents0000000000002 implements MigrationInterface {
  readonly name = 'PostgresIncidents0000000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INCIDENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE incident');
  }
}
