import { FirstPostgresSchema0000000000001 } from './0001-first-schema.js';
import { PostgresIncidents0000000000002 } from './0002-incidents.js';

/** In the order in which they run. A migration that has been released is never edited. */
export const POSTGRES_MIGRATIONS = [FirstPostgresSchema0000000000001, PostgresIncidents0000000000002];
