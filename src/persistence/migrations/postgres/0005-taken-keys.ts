import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TAKEN_KEYS } from '../0007-taken-keys.js';

export class PostgresTakenKeys0000000000005 implements MigrationInterface {
  readonly name = 'PostgresTakenKeys0000000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TAKEN_KEYS.replaceAll('TEXT', 'word'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE taken_key');
  }
}
