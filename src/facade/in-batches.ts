/** The same in lists of at most `size`, so that many are looked up at once. */
export async function* inBatches<Value>(source: AsyncIterable<Value>, size: number): AsyncGenerator<readonly Value[]> {
  let batch: Value[] = [];
  for await (const value of source) {
    batch.push(value);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
