import assert from 'node:assert/strict';
import type { Connector, ConnectorContext, Receipt, Submission } from '../connector-api/connector.js';

/** Hands one submission over as the engine does: where they travel together, as a load of one. */
export async function handOver(connector: Connector, submission: Submission, settings: unknown, context: ConnectorContext): Promise<Receipt> {
  if (connector.together === undefined) return connector.submit(submission, settings, context);
  const [receipt] = await handOverLoad(connector, [submission], settings, context);
  assert.ok(receipt !== undefined);
  return receipt;
}

/** Hands several over as one load. */
export async function handOverLoad({ together }: Connector, load: readonly Submission[], settings: unknown, context: ConnectorContext): Promise<readonly Receipt[]> {
  assert.ok(together !== undefined, 'the connector has no together');
  for (const submission of load) together.gather(submission, settings, context.clock.now());
  const receipts = await together.submit(load, settings, context);
  assert.equal(receipts.length, load.length, 'a load has one receipt for each of its submissions');
  return receipts;
}
