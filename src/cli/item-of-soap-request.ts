import fs from 'node:fs';
import path from 'node:path';
import { rememberRecentItems } from '../deliberation/create-item/recent-items.js';
import type { Authority } from '../domain/authority.js';
import type { NewItem } from '../domain/item.js';
import type { Intake } from '../intake/accept-item.js';
import { RelaisError } from '../errors.js';
import { systemClock } from '../platform/clock.js';
import { createNewId } from '../platform/new-id.js';
import { packageFolder } from '../serve.js';
import { createMessageReader } from '../soap/message-reader.js';
import { loadServiceModel } from '../soap/service-model.js';
import { createItemOperation } from '../ws4pm/create-item.js';
import { createPassingBlobs } from './passing-blobs.js';

export interface SoapItem {
  readonly item: NewItem;
  /** What the caller would be told. */
  readonly warnings: readonly string[];
}

/** The item that a createItem request would make, read and checked as the gateway does it; nothing is kept. `caller`: the
 * account that would send it. Rejects with what the caller would be refused with. */
export async function itemOfSoapRequest(file: string, authority: Authority, caller: string): Promise<SoapItem> {
  const model = await loadServiceModel(path.join(packageFolder(), 'wsdl/ws4pm.wsdl'));
  const blobs = createPassingBlobs();
  const reader = createMessageReader({ model, limits: authority.limits, blobs }, 'text/xml');
  let item: NewItem | undefined;
  const accept: Intake['accept'] = (submission) => { item = submission.item; return Promise.resolve({ id: submission.item.baseId }); };
  const operation = createItemOperation({ authority, blobs, clock: systemClock, newId: createNewId(), intake: { accept, acceptOnce: accept } }, rememberRecentItems(systemClock));
  try {
    for await (const chunk of fs.createReadStream(file)) await reader.push(chunk as Buffer);
    const read = await reader.end();
    if (read.operation.name !== operation.name) throw new RelaisError('RELAIS_COMMAND_USAGE', `found a ${read.operation.name} request, expected ${operation.name}`);
    const { warnings } = await operation.handle(read.request, { userId: caller, correlationId: '', signal: new AbortController().signal });
    if (item === undefined) throw new RelaisError('RELAIS_INTERNAL', 'a request that was accepted made no item');
    return { item, warnings: Array.isArray(warnings) ? warnings.map(String) : [] };
  } finally {
    await reader.discard();
  }
}
