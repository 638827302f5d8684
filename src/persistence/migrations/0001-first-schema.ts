import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE item (
    seq INTEGER PRIMARY KEY, uid TEXT NOT NULL, authority TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
    config_id TEXT NOT NULL, short_id TEXT NOT NULL, creator TEXT NOT NULL, created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL, review_state TEXT NOT NULL, proposing_organisation TEXT NOT NULL, category TEXT,
    preferred_meeting TEXT, meeting TEXT, external_identifier TEXT NOT NULL, to_discuss BOOLEAN NOT NULL,
    text_bytes INTEGER NOT NULL, title TEXT NOT NULL, associated_organisations TEXT NOT NULL,
    organisations_in_charge TEXT NOT NULL, optional_advisers TEXT NOT NULL, extra TEXT NOT NULL,
    description TEXT NOT NULL, detailed_description TEXT NOT NULL, motivation TEXT NOT NULL, decision TEXT NOT NULL)`,
  `CREATE TABLE item_adviser (
    item_seq INTEGER NOT NULL REFERENCES item (seq), organisation TEXT NOT NULL,
    PRIMARY KEY (item_seq, organisation)) WITHOUT ROWID`,
  // the next suffix to try for a short id that was taken, so that the hundred-thousandth is as quick as the second
  `CREATE TABLE short_id_suffix (
    authority TEXT NOT NULL, config_id TEXT NOT NULL, creator TEXT NOT NULL, base_id TEXT NOT NULL,
    last INTEGER NOT NULL, PRIMARY KEY (authority, config_id, creator, base_id)) WITHOUT ROWID`,
  `CREATE TABLE annex (
    item_seq INTEGER NOT NULL REFERENCES item (seq), position INTEGER NOT NULL, authority TEXT NOT NULL, uid TEXT NOT NULL, short_id TEXT NOT NULL, title TEXT NOT NULL, type_id TEXT NOT NULL, related_to TEXT NOT NULL,
    filename TEXT NOT NULL, media_type TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL,
    confidential BOOLEAN NOT NULL, PRIMARY KEY (item_seq, position)) WITHOUT ROWID`,
  `CREATE TABLE history_event (
    item_seq INTEGER NOT NULL REFERENCES item (seq), position INTEGER NOT NULL, at BIGINT NOT NULL,
    actor TEXT NOT NULL, action TEXT NOT NULL, comment TEXT NOT NULL, from_state TEXT, to_state TEXT,
    PRIMARY KEY (item_seq, position)) WITHOUT ROWID`,
  `CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, authority TEXT NOT NULL,
    item_seq INTEGER NOT NULL REFERENCES item (seq), item_uid TEXT NOT NULL, flow TEXT NOT NULL, step TEXT NOT NULL, position INTEGER NOT NULL,
    connector TEXT NOT NULL, operation TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    due_at BIGINT NOT NULL, epoch INTEGER NOT NULL, lease_owner TEXT, lease_until BIGINT, marked_at BIGINT,
    remote_reference TEXT, reason TEXT, retry TEXT NOT NULL)`,
  `CREATE TABLE journal (
    authority TEXT NOT NULL, sequence BIGINT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL, item TEXT NOT NULL,
    event TEXT NOT NULL, data TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (authority, sequence)) WITHOUT ROWID`,
  `CREATE TABLE meeting (
    authority TEXT NOT NULL, uid TEXT NOT NULL, config_id TEXT NOT NULL, short_id TEXT NOT NULL, date BIGINT NOT NULL,
    PRIMARY KEY (authority, uid)) WITHOUT ROWID`,
];

/** One for each way in which history and the delivery engine look things up, and none more: each costs every accepted
 * item. A meeting config is looked up through `item_short_id`, items in no meeting through `item_created`. */
const INDEXES = [
  'CREATE UNIQUE INDEX item_uid ON item (uid)',
  'CREATE UNIQUE INDEX item_short_id ON item (authority, config_id, creator, short_id)',
  'CREATE INDEX item_external_identifier ON item (authority, external_identifier) WHERE external_identifier <> \'\'',
  'CREATE INDEX item_created ON item (authority, created_at)',
  'CREATE INDEX item_creator ON item (authority, creator, created_at)',
  'CREATE INDEX item_organisation ON item (authority, proposing_organisation, created_at)',
  'CREATE INDEX item_category ON item (authority, category, created_at) WHERE category IS NOT NULL',
  'CREATE INDEX item_state ON item (authority, review_state, created_at)',
  'CREATE INDEX item_meeting ON item (authority, meeting, created_at) WHERE meeting IS NOT NULL',
  'CREATE INDEX annex_blob ON annex (authority, sha256)',
  'CREATE INDEX delivery_item ON delivery (item_seq, position)',
  'CREATE INDEX delivery_ready ON delivery (authority, due_at) WHERE state = \'ready\'',
  'CREATE INDEX delivery_lease ON delivery (lease_until) WHERE state = \'sending\'',
  'CREATE INDEX journal_item ON journal (item)',
];

/** The index holds words only (no copy of the texts); its row id is the item's `seq`. */
const FULL_TEXT = [
  `CREATE VIRTUAL TABLE item_text USING fts5 (authority, title, description, decision, rest,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2')`,
  'CREATE VIRTUAL TABLE item_term USING fts5vocab (item_text, row)',
];

/** Everything that the first release keeps. */
export class FirstSchema0000000000001 implements MigrationInterface {
  readonly name = 'FirstSchema0000000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...INDEXES, ...FULL_TEXT]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['item_term', 'item_text', 'meeting', 'journal', 'delivery', 'history_event', 'annex', 'short_id_suffix', 'item_adviser', 'item']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
