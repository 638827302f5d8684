import { z } from 'zod';
import { annexContent } from '../../connector-api/annex-content.js';
import type { ConnectorContext } from '../../connector-api/connector.js';
import { OutcomeUnknown } from '../../connector-api/failures.js';
import { httpFailure } from '../../connector-api/http-failure.js';
import { reachOf } from '../../connector-api/http-settings.js';
import type { HttpAnswer, HttpRequest } from '../../connector-api/http.js';
import type { Annex } from '../../domain/item.js';
import type { AcmeSettings } from './config.js';
import type { AcmeItem } from './mapping.js';

const kept = z.object({ reference: z.string().min(1) });

/** The calls of the service. What an answer without success means, and what goes wrong on the way, is thrown as one of the
 * four failures. */
export interface AcmeClient {
  /** Asks whether it works, and changes nothing. */
  status(): Promise<void>;
  /** Sends a file that waits there, under the key, for its item. */
  sendFile(key: string, position: number, annex: Annex): Promise<void>;
  /** Hands the item over, with the files that wait under its key, and returns its reference. The same key again is the
   * same item. */
  handOver(key: string, item: AcmeItem): Promise<string>;
  /** The reference of what was handed over under a key; null if nothing was. */
  find(key: string): Promise<string | null>;
}

/** The client of one attempt. */
export function acmeClient(settings: AcmeSettings, context: ConnectorContext): AcmeClient {
  function call(method: HttpRequest['method'], path: string, body?: HttpRequest['body'], headers: HttpRequest['headers'] = {}): Promise<HttpAnswer> {
    return context.http({
      ...reachOf(settings, Number(headers['content-length'] ?? 0)),
      method, url: new URL(path, settings.url).href, headers: { ...headers, authorization: `Bearer ${settings.token}` },
      ...(body !== undefined && { body }),
    });
  }

  async function textOf(answer: HttpAnswer): Promise<string> {
    if (answer.status < 200 || answer.status >= 300) throw await httpFailure(answer, settings.url, context.clock.now());
    return await answer.text();
  }

  const itemPath = (key: string) => `/items/${encodeURIComponent(key)}`;

  return {
    async status() {
      await textOf(await call('GET', '/status'));
    },
    async sendFile(key, position, annex) {
      await textOf(await call('PUT', `${itemPath(key)}/files/${position}`, annexContent(annex, context), { 'content-length': String(annex.size) }));
    },
    async handOver(key, item) {
      return referenceIn(await textOf(await call('PUT', itemPath(key), JSON.stringify(item), { 'content-type': 'application/json' })));
    },
    async find(key) {
      const answer = await call('GET', itemPath(key));
      if (answer.status !== 404) return referenceIn(await textOf(answer));
      answer.body.destroy();
      return null;
    },
  };
}

/** A success without a reference cannot be told from a lost answer. */
function referenceIn(text: string): string {
  try {
    return kept.parse(JSON.parse(text)).reference;
  } catch (error) {
    throw new OutcomeUnknown('The service answers something that is not a reference.', { cause: error });
  }
}
