import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was read of the systems behind meeting configs, for when they are away. Values are JSON, of a few bytes or of a whole item. */
export const UPSTREAM_COPIES = `CREATE TABLE upstream_copy (
    authority TEXT NOT NULL, connector TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, read_at BIGINT NOT NULL,
    PRIMARY KEY (authority, connector, kind, key))`;

/** For what is dropped by age. */
export const INDEX_COPIES = 'CREATE INDEX upstream_copy_age ON upstream_copy (authority, connector, kind, read_at)';

export class Copies0000000000010 implements MigrationInterface {
  readonly name = 'Copies0000000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [UPSTREAM_COPIES, INDEX_COPIES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE upstream_copy');
  }
}
