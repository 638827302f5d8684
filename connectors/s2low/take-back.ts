import type { Cancelling, ConnectorContext, Receipt } from '../../src/connector-api/connector.js';
import { ACKNOWLEDGED, ACT_STATUSES } from './act-status.js';
import { createApi, type Api } from './api.js';
import type { S2lowSettings } from './config.js';
import { HELIOS_STATUSES } from './helios-status.js';
import { readHeliosStatus } from './read-helios-status.js';
import { readActStatus } from './read-status.js';
import { dataOf, type ReceiptData } from './receipt.js';

/** Refused over there, or cancelled: nothing is at the State. */
const NOTHING_THERE: ReadonlySet<number> = new Set([-1, 0]);

/** What is on its way to the State cannot be taken back by a program (contracts/s2low.md §3.9); it says what people can do. */
export async function takeBack(receipt: Receipt, settings: S2lowSettings, context: ConnectorContext): Promise<Cancelling> {
  const data = dataOf(receipt);
  const api = createApi(settings, context);
  return data.kind === 'pes' ? await ofFlow(data.transaction, api) : await ofAct(data, api);
}

async function ofFlow(transaction: string, api: Api): Promise<Cancelling> {
  const standing = await readHeliosStatus(api, transaction);
  if ('refused' in standing) return { tooLate: `S2LOW does not tell where the flow ${transaction} stands: «${standing.refused}». Look it up over there.` };
  if (NOTHING_THERE.has(standing.status)) return 'cancelled';
  const meaning = HELIOS_STATUSES.get(standing.status);
  if (meaning?.waits === true) return { tooLate: `The flow ${transaction} is ${meaning.words.en}. Nothing leaves until then: have it removed over there by an administrator.` };
  return { tooLate: `The flow ${transaction} is ${meaning?.words.en ?? `in status ${standing.status}`}: a flow to the treasury cannot be taken back. Ask the accounting officer to reject it.` };
}

async function ofAct({ kind, transaction }: ReceiptData, api: Api): Promise<Cancelling> {
  const standing = await readActStatus(api, transaction);
  if ('refused' in standing) return { tooLate: `S2LOW does not tell where transaction ${transaction} stands: «${standing.refused}». Look it up over there.` };
  if (NOTHING_THERE.has(standing.status)) return 'cancelled';
  return { tooLate: kind === 'act' ? ofStatus(transaction, standing.status) : `Transaction ${transaction} was handed over to S2LOW: an answer or a cancellation cannot be taken back.` };
}

function ofStatus(transaction: string, status: number): string {
  const meaning = ACT_STATUSES.get(status);
  if (meaning?.waits === true) return `The act ${transaction} is ${meaning.words.en}. It leaves for the prefecture only then: leave it unconfirmed, or have it removed over there by an administrator.`;
  if (ACKNOWLEDGED.has(status)) return `The act ${transaction} is acknowledged by the prefecture: it can only be cancelled by a transmission of its own (operation cancel-act), while S2LOW shows it as acknowledged.`;
  return `The act ${transaction} is ${meaning?.words.en ?? `in status ${status}`}: it can be cancelled only once the prefecture has acknowledged it (operation cancel-act).`;
}
