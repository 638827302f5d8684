import { FirstSchema0000000000001 } from './0001-first-schema.js';
import { DeliveryEngine0000000000002 } from './0002-delivery-engine.js';

/** In the order in which they run. A migration that has been released is never edited. */
export const MIGRATIONS = [FirstSchema0000000000001, DeliveryEngine0000000000002];
