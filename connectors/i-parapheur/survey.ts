import type { ConnectorContext, Sent } from '../../src/connector-api/connector.js';
import type { IParapheurSettings } from './config.js';
import { searchFolders } from './history.js';
import { dataOf } from './receipt-data.js';
import { meaningOf } from './status.js';

/** Folders that one search asks about (contracts/iparapheur.md §4). */
export const FOLDERS_OF_A_SURVEY = 50;

/** Which folders have news: an end, a status that was not seen last time, or none any more. */
export async function surveyFolders(sent: readonly Sent[], settings: IParapheurSettings, context: ConnectorContext): Promise<ReadonlySet<string>> {
  const asked = sent.map(({ receipt, submission: { key } }) => ({ key, reference: receipt.reference, data: dataOf(receipt) }));
  const waiting = asked.filter(({ data }) => data.kept === undefined);
  const found = waiting.length === 0 ? new Map<string, string>() : await searchFolders(waiting.map(({ reference }) => reference), settings, context);
  return new Set(asked.filter(({ reference, data }) => data.kept !== undefined || isNews(found.get(reference), data.seen)).map(({ key }) => key));
}

function isNews(status: string | undefined, seen: readonly string[]): boolean {
  return status === undefined || meaningOf(status).is !== 'pending' || !seen.includes(status);
}
