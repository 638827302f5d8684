import type { MigrationInterface, QueryRunner } from 'typeorm';
import { INDEX_COPIES, UPSTREAM_COPIES } from '../0010-copies.js';

export class PostgresCopies0000000000008 implements MigrationInterface {
  readonly name = 'PostgresCopies0000000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [UPSTREAM_COPIES.replaceAll('TEXT', 'word'), INDEX_COPIES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE upstream_copy');
  }
}
