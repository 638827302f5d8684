import { FirstSchema0000000000001 } from './0001-first-schema.js';
import { DeliveryEngine0000000000002 } from './0002-delivery-engine.js';
import { JournalSeals0000000000003 } from './0003-journal-seals.js';
import { Incidents0000000000004 } from './0004-incidents.js';
import { Loads0000000000005 } from './0005-loads.js';
import { AnnexRoles0000000000006 } from './0006-annex-roles.js';
import { TakenKeys0000000000007 } from './0007-taken-keys.js';
import { Collecting0000000000008 } from './0008-collecting.js';
import { FoundAs0000000000009 } from './0009-found-as.js';
import { Copies0000000000010 } from './0010-copies.js';
import { Links0000000000011 } from './0011-links.js';

/** In the order in which they run. A migration that has been released is never edited. */
export const MIGRATIONS = [
  FirstSchema0000000000001, DeliveryEngine0000000000002, JournalSeals0000000000003, Incidents0000000000004, Loads0000000000005, AnnexRoles0000000000006,
  TakenKeys0000000000007, Collecting0000000000008, FoundAs0000000000009, Copies0000000000010, Links0000000000011,
];
