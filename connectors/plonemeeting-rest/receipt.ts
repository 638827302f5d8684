import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';

const remembered = z.object({
  configId: z.string(),
  /** In whose name it was created, as PloneMeeting calls the user; null: as the account. */
  user: z.string().nullable(),
  /** Transitions that are still to be triggered. `from`: the state before one whose outcome is not known. */
  todo: z.array(z.string()).optional(),
  from: z.string().optional(),
  warnings: z.array(z.string()).default([]),
  /** SHA-256 of the annexes to the decision that were sent. */
  sent: z.array(z.string()).default([]),
  /** How it stood when it was last asked about. */
  seen: z.object({ state: z.string(), modified: z.string(), meeting: z.string().nullable() }).optional(),
  /** What PloneMeeting last told of each text, as a hash: it tells texts otherwise than it was given them, so that only a change of what it tells is news. */
  told: z.record(z.string(), z.string()).optional(),
});

/** What a receipt remembers between two questions. */
export type ReceiptData = z.infer<typeof remembered>;

/** Throws OutcomeUnknown for a receipt that is not one of ours. */
export function dataOf({ data }: Receipt): ReceiptData {
  const read = remembered.safeParse(data);
  if (!read.success) throw new OutcomeUnknown('What was kept of the item in PloneMeeting cannot be read.');
  return read.data;
}
