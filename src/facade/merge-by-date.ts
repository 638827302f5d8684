import type { ReadItem } from '../deliberation/read-item.js';

/** Items of several sources, each oldest first, as one; an item that more than one has comes once, from the first that gives it. */
export async function* mergeByDate(sources: readonly AsyncIterable<ReadItem>[]): AsyncGenerator<ReadItem> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const given = new Set<string>();
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      const at = oldest(heads);
      const head = heads[at];
      if (head === undefined || head.done === true) return;
      if (!given.has(head.value.item.uid)) yield head.value;
      // One source does not repeat itself.
      if (sources.length > 1) given.add(head.value.item.uid);
      heads[at] = await iterators[at]?.next() ?? { done: true, value: undefined };
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

/** Index of the head that is created first; -1 where all are at their end. */
function oldest(heads: readonly IteratorResult<ReadItem>[]): number {
  let found = -1;
  let first = Infinity;
  heads.forEach((head, index) => {
    if (head.done === true || head.value.item.createdAt >= first) return;
    first = head.value.item.createdAt;
    found = index;
  });
  return found;
}
