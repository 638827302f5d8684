import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Seals over the journal, with their time-stamp tokens (DER in base64). The partial index finds those that wait. */
export const JOURNAL_SEALS = [
  `CREATE TABLE journal_seal (
    authority TEXT NOT NULL, number BIGINT NOT NULL, first_entry BIGINT NOT NULL, last_entry BIGINT NOT NULL, root TEXT NOT NULL,
    previous TEXT NOT NULL, at BIGINT NOT NULL, token TEXT, PRIMARY KEY (authority, number))`,
  'CREATE INDEX journal_seal_unstamped ON journal_seal (authority, number) WHERE token IS NULL',
];

export class JournalSeals0000000000003 implements MigrationInterface {
  readonly name = 'JournalSeals0000000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of JOURNAL_SEALS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE journal_seal');
  }
}
