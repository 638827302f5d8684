import { z } from 'zod';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';

const LONGEST = 256 * 1024;

/** More files than any file of a town holds; each is fetched and kept. */
const MOST_DOCUMENTS = 500;

const document = z.object({
  url: z.string(),
  filename: z.string().min(1).max(255),
  title: z.string().optional(),
  mediaType: z.string().default('application/octet-stream'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).optional(),
});

/** What a receiver may answer; everything is optional, and more is passed over. */
const receiverAnswer = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  reference: z.union([z.string(), z.number()]).optional(),
  status: z.enum(['pending', 'done', 'rejected', 'absent']).optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])).optional(),
  documents: z.array(document).max(MOST_DOCUMENTS).optional(),
});

export type ReceiverAnswer = z.infer<typeof receiverAnswer>;
export type ReceiverDocument = z.infer<typeof document>;

/** The JSON that a receiver answered; `{}` for an answer that is empty, or is no JSON object. Throws OutcomeUnknown for one
 * that was cut, or whose members are not what they should be. */
export async function readAnswer(answer: HttpAnswer): Promise<ReceiverAnswer> {
  const text = await answer.text(LONGEST);
  const read = receiverAnswer.safeParse(objectOf(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new OutcomeUnknown(`The receiver answered ${answer.status} with a «${issue?.path.join('.') ?? ''}» that cannot be used: ${issue?.message ?? ''}.`);
}

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    // A word such as «ok» is a fine answer to a webhook.
    return {};
  }
}
