/** Notes that a message of a sender arrived at a time (epoch milliseconds), and says whether that is one too many. */
export type SenderRate = (sender: string, arrivedAt: number) => boolean;

/** Senders that are remembered; of more, the oldest are forgotten. */
const SENDERS = 10_000;

/** Counts what arrived close together, not what is read close together: a mailbox that was away for a day is no flood. What was seen longer ago than the
 * time counts no more, so that a message that a person puts back is taken. */
export function createSenderRate({ count, withinMs }: { readonly count: number; readonly withinMs: number }, now: () => number): SenderRate {
  const known = new Map<string, { readonly arrivedAt: number; readonly seenAt: number }[]>();
  return (sender, arrivedAt) => {
    const seenAt = now();
    const recent = (known.get(sender) ?? []).filter((one) => seenAt - one.seenAt < withinMs);
    const near = recent.filter((one) => Math.abs(one.arrivedAt - arrivedAt) < withinMs);
    if (near.length >= count) return true;
    known.delete(sender);
    known.set(sender, [...recent, { arrivedAt, seenAt }]);
    const [oldest] = known.keys();
    if (known.size > SENDERS && oldest !== undefined) known.delete(oldest);
    return false;
  };
}
