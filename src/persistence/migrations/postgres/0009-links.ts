import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADD_ASKED_TRANSITIONS, DROP_ASKED_TRANSITIONS, DROP_WITHDRAWN, IMPORTED_LINKS, INDEX_WITHDRAWN } from '../0011-links.js';

export class PostgresLinks0000000000009 implements MigrationInterface {
  readonly name = 'PostgresLinks0000000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [IMPORTED_LINKS, ADD_ASKED_TRANSITIONS]) await runner.query(statement.replaceAll('TEXT', 'word'));
    await runner.query(INDEX_WITHDRAWN);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [DROP_WITHDRAWN, DROP_ASKED_TRANSITIONS, 'DROP TABLE imported_link']) await runner.query(statement);
  }
}
