import type { ConnectorContext, Receipt, Tracking } from '../../src/connector-api/connector.js';
import { createApi } from './api.js';
import type { S2lowSettings } from './config.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { trackAct } from './track-act.js';
import { trackAnswer, trackCancellation } from './track-exchange.js';
import { trackPes } from './track-pes.js';
import { UnusableAnswer, unusableSince } from './unusable-answer.js';

/** Where what was sent stands, and what it brought back. Asking changes nothing over there. */
export async function track(receipt: Receipt, settings: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const data = dataOf(receipt);
  try {
    return await ask(data, settings, context);
  } catch (error) {
    if (error instanceof UnusableAnswer) return unusableSince(data, error, context.clock.now());
    throw error;
  }
}

function ask(data: ReceiptData, settings: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const api = createApi(settings, context);
  switch (data.kind) {
    case 'act': return trackAct(data, api, settings, context);
    case 'pes': return trackPes(data, api, settings, context);
    case 'answer': return trackAnswer(data, api, settings, context);
    case 'cancellation': return trackCancellation(data, api, settings, context);
  }
}
