import { FirstPostgresSchema0000000000001 } from './0001-first-schema.js';
import { PostgresIncidents0000000000002 } from './0002-incidents.js';
import { PostgresLoads0000000000003 } from './0003-loads.js';
import { PostgresAnnexRoles0000000000004 } from './0004-annex-roles.js';
import { PostgresTakenKeys0000000000005 } from './0005-taken-keys.js';
import { PostgresCollecting0000000000006 } from './0006-collecting.js';
import { PostgresFoundAs0000000000007 } from './0007-found-as.js';
import { PostgresCopies0000000000008 } from './0008-copies.js';
import { PostgresLinks0000000000009 } from './0009-links.js';

/** In the order in which they run. A migration that has been released is never edited. */
export const POSTGRES_MIGRATIONS = [
  FirstPostgresSchema0000000000001, PostgresIncidents0000000000002, PostgresLoads0000000000003, PostgresAnnexRoles0000000000004, PostgresTakenKeys0000000000005,
  PostgresCollecting0000000000006, PostgresFoundAs0000000000007, PostgresCopies0000000000008, PostgresLinks0000000000009,
];
