import { z } from 'zod';

/** What the routes answer, as the OpenAPI document describes it and tests hold it against. */
const finding = z.strictObject({
  severity: z.enum(['error', 'warning']),
  rule: z.string().describe('Rule that is broken.'),
  place: z.string().describe('Where: /PES_Aller/EnTetePES/CodCol/@V'),
  line: z.int().describe('Line of the file; 0: the file as a whole.'),
  message: z.string(),
});

const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  uid: z.string().optional().describe('The item that was received before.'),
  findings: z.array(finding).optional(),
  'expected-offset': z.int().optional(),
  'provided-offset': z.int().optional(),
});

const received = z.strictObject({
  uid: z.string().describe('The item.'),
  state: z.enum(['received', 'already-received']),
  findings: z.array(finding).describe('What is worth knowing of the file, though it was taken.'),
});

const severalReceived = z.strictObject({
  items: z.array(z.strictObject({
    filename: z.string(),
    status: z.int().describe('Status that the file alone would have been answered.'),
    state: z.enum(['received', 'already-received', 'refused']),
    uid: z.string().optional(),
    location: z.string().optional(),
    findings: z.array(finding),
    problem: problem.optional(),
  })),
});

const upload = z.strictObject({
  filename: z.string(),
  received: z.int().describe('Bytes that came.'),
  total: z.int().nullable().describe('Bytes of the whole file; null: not known yet.'),
  complete: z.boolean(),
  expires: z.string().describe('After this it is not kept any longer.'),
  status: z.int().optional().describe('What was answered when it was complete.'),
  answer: z.union([received, problem]).optional(),
});

const item = z.strictObject({
  uid: z.string(),
  kind: z.string(),
  title: z.string(),
  state: z.string().describe('Review state.'),
  steps: z.array(z.strictObject({
    step: z.string(),
    state: z.string().describe('waiting, ready, sending, sent, done, rejected, parked, cancelled or skipped.'),
    reason: z.string().nullable(),
    results: z.record(z.string(), z.unknown()).describe('What it brought back, such as verdict and summary of a PES.'),
  })),
});

export const ANSWERS = { problem, received, severalReceived, upload, item };
export type AnswerName = keyof typeof ANSWERS;
export type ToldItem = z.output<typeof item>;
