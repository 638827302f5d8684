import { z } from 'zod';

/** Numbers come as texts or as numbers (contracts/s2low.md §3.5). */
const number = z.union([z.string(), z.number()]).transform(String).pipe(z.string().regex(/^\d{1,18}$/));
const words = z.union([z.string(), z.number()]).nullish().transform((value) => String(value ?? ''));

/** A row of the list of letters; more is told. */
export const listedLetter = z.object({ id: number, type: words, related_transaction_id: number.nullish(), number: words, last_status_id: words })
  .transform(({ id, type, related_transaction_id: act, number: actNumber }) => ({ kind: 'letter' as const, id, type, act: act ?? null, number: actNumber }));

/** What waits over there, as announcements carry it. */
export const announced = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('letter'), id: z.string(), type: z.string(), act: z.string().nullable(), number: z.string() }),
  z.object({ kind: z.literal('return'), id: z.string(), name: z.string(), date: z.string() }),
]);

export type Announced = z.infer<typeof announced>;
export type AnnouncedLetter = Extract<Announced, { kind: 'letter' }>;
export type AnnouncedReturn = Extract<Announced, { kind: 'return' }>;
