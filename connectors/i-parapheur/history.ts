import type { FieldValue } from '../../src/domain/mapping.js';
import { circuitFields, momentWords } from '../../src/signature-book/circuit-fields.js';
import { historyAnswer, searchAnswer, type HistoryRow, type Message } from './answers.js';
import type { IParapheurSettings } from './config.js';
import { read, type ServiceContext } from './service.js';
import { isDeed, PAPER_STATUS, SIGNED_STATUSES } from './status.js';

/** What happened to a folder, in the order of the service, which the last row ends. No row: it is not there, or not seen. */
export async function askHistory(id: string, settings: IParapheurSettings, context: ServiceContext): Promise<{ readonly rows: readonly HistoryRow[]; readonly message: Message | null }> {
  const { LogDossier: rows, MessageRetour: message } = await read('GetHistoDossier', id, historyAnswer, settings, context);
  return { rows: message?.codeRetour === 'KO' ? [] : rows, message };
}

/** Current status of each of the folders that are found, by id. */
export async function searchFolders(ids: readonly string[], settings: IParapheurSettings, context: ServiceContext): Promise<ReadonlyMap<string, string>> {
  const { LogDossier } = await read('RechercherDossiers', { DossierID: ids }, searchAnswer, settings, context);
  // In the answer of a search the name is the id of the folder (contracts/iparapheur.md §1.3).
  return new Map(LogDossier.map(({ nom, status }) => [nom.trim(), status]));
}

/** Somebody signed, and nobody electronically. */
export function isOnPaper(rows: readonly HistoryRow[]): boolean {
  return rows.some(({ status }) => status === PAPER_STATUS) && !rows.some(({ status }) => SIGNED_STATUSES.has(status));
}

/** What comes back of a history: `status`, `actors` (who did what and when) and `annotations`. */
export function historyFields(rows: readonly HistoryRow[]): Record<string, FieldValue> {
  const actors = rows.filter(({ status }) => isDeed(status)).map((row) => `${whenOf(row)} ${row.nom}: ${row.status}`);
  const annotations = rows.filter(({ annotation }) => annotation.trim() !== '').map((row) => `${whenOf(row)} ${row.nom}: ${row.annotation.trim()}`);
  return circuitFields(rows.at(-1)?.status, actors, annotations);
}

export function whenOf({ timestamp }: HistoryRow): string {
  return momentWords(timestamp);
}
