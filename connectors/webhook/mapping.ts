import type { Submission } from '../../src/connector-api/connector.js';
import { itemDocument } from '../../src/formats/item-files.js';
import type { WebhookSettings } from './config.js';

/** Name of the part that holds a file; `index` counts from 0. */
export function partName(index: number): string {
  return `file-${index + 1}`;
}

/** The JSON text that is posted, and signed: the delivery's key, the item, the mapped fields. Each annex tells the size and
 * SHA-256 of its file and, where the files travel, the part that holds it; so the signature covers the files, too. */
export function postedText({ key, item, fields }: Submission, body: WebhookSettings['body']): string {
  const annexes = item.annexes.map((annex, index) => ({ ...annex, ...(body === 'multipart' && { part: partName(index) }) }));
  return JSON.stringify({ format: 'relais-webhook-1', key, item: { ...itemDocument(item), annexes }, fields });
}
