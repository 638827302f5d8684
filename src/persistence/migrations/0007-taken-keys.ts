import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what an intake knows what it took before. Kept for good, like the items: what comes again may come after years. */
export const TAKEN_KEYS = `CREATE TABLE taken_key (
    authority TEXT NOT NULL, key TEXT NOT NULL, item TEXT NOT NULL, content TEXT NOT NULL, taken_at BIGINT NOT NULL,
    PRIMARY KEY (authority, key))`;

export class TakenKeys0000000000007 implements MigrationInterface {
  readonly name = 'TakenKeys0000000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${TAKEN_KEYS} WITHOUT ROWID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE taken_key');
  }
}
