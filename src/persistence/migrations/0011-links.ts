import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Identifiers of callers and the items that they stand for over there, from before Relais stood between them. `upstream` is empty where
 * only that there is one is known. */
export const IMPORTED_LINKS = `CREATE TABLE imported_link (
    authority TEXT NOT NULL, external_identifier TEXT NOT NULL, config_id TEXT NOT NULL, connector TEXT NOT NULL, upstream TEXT NOT NULL,
    PRIMARY KEY (authority, external_identifier, config_id, connector, upstream))`;

export const ADD_ASKED_TRANSITIONS = 'ALTER TABLE item ADD COLUMN asked_transitions TEXT';
export const DROP_ASKED_TRANSITIONS = 'ALTER TABLE item DROP COLUMN asked_transitions';

/** The few items that are no items any more. */
export const INDEX_WITHDRAWN = 'CREATE INDEX delivery_withdrawn ON delivery (authority, item_seq) WHERE step = \'forward\' AND state IN (\'rejected\', \'cancelled\')';
export const DROP_WITHDRAWN = 'DROP INDEX delivery_withdrawn';

/** What stands between Relais and a system behind a meeting config. */
export class Links0000000000011 implements MigrationInterface {
  readonly name = 'Links0000000000011';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [`${IMPORTED_LINKS} WITHOUT ROWID`, ADD_ASKED_TRANSITIONS, INDEX_WITHDRAWN]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [DROP_WITHDRAWN, DROP_ASKED_TRANSITIONS, 'DROP TABLE imported_link']) await runner.query(statement);
  }
}
