import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is the matter and what was told of it: a few rows at most. The same on both engines. */
export const INCIDENTS = `CREATE TABLE incident (
    authority TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, opened_at BIGINT NOT NULL, told_at BIGINT,
    told_to BIGINT NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, try_at BIGINT NOT NULL, PRIMARY KEY (authority, kind, subject))`;

export class Incidents0000000000004 implements MigrationInterface {
  readonly name = 'Incidents0000000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INCIDENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE incident');
  }
}
