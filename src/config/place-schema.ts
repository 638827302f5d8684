import type { z } from 'zod';
import { idText, uidText, userIdText } from './values.js';

/** Members that say where items come to stand that no call of ws4pm brings: those of a deposit and those that a connector
 * collects. A section spreads them among its own. */
export const placeMembers = {
  /** In whose name they are created; its source is theirs. */
  account: userIdText,
  meetingConfig: idText,
  /** Id or uid of the organisation that proposes them. */
  organisation: uidText,
  /** Of their files; the first for items where nothing is said. */
  annexType: idText.optional(),
};

export type PlaceEntry = z.output<z.ZodObject<typeof placeMembers>>;
