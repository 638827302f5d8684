import { Readable } from 'node:stream';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import type { Annex, Item } from '../../src/domain/item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { openDeskFiles } from '../../src/signature-desk/desk-files.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import { sampleAnnex, sampleItem } from './sample-item.js';

const NOW = Date.UTC(2027, 2, 1, 9);

/** A connector's surroundings before a system that is simulated on loopback. */
export interface LetterRig {
  readonly context: ConnectorContext;
  readonly logger: RecordingLogger;
  /** `METHOD path?query` of what was asked, and `mark`. */
  readonly asked: string[];
  /** What the next requests are answered in place of the other side; undefined lets one through. */
  instead: ((request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> | undefined) | undefined;
  annex(filename: string, content?: string | (() => Readable), change?: Partial<Annex>): Promise<Annex>;
  submission(operation: string, given?: { readonly key?: string; readonly fields?: Submission['fields']; readonly annexes?: readonly Annex[]; readonly item?: Partial<Item>; readonly foundAs?: string }): Promise<Submission>;
  content(sha256: string): Promise<string>;
  close(): Promise<void>;
}

export async function openLetterRig(): Promise<LetterRig> {
  const files = await openDeskFiles();
  const outbound = createOutboundHttp();
  const logger = recordingLogger();
  const { signal } = new AbortController();
  const call = outbound.callFor(signal);
  const asked: string[] = [];
  const rig: LetterRig = {
    logger, asked, instead: undefined,
    context: {
      logger, signal, clock: { now: () => NOW }, callBackUrl: 'http://127.0.0.1:9/callbacks/letters', blobs: files, markSent: () => { asked.push('mark'); return Promise.resolve(); },
      async http(request) {
        const { pathname, search } = new URL(request.url);
        asked.push(`${request.method} ${pathname}${search}`);
        return await rig.instead?.(request) ?? await call(request);
      },
    },
    async annex(filename, content = `%PDF-1.7 ${filename}`, change = {}) {
      const kept = await files.keep(typeof content === 'string' ? Readable.from([Buffer.from(content)]) : content());
      return sampleAnnex(filename, { ...kept, title: filename, ...change });
    },
    async submission(operation, { key = 'delivery-1', fields = {}, annexes, item = {}, foundAs } = {}) {
      return { key, operation, item: sampleItem({ annexes: annexes ?? [await rig.annex('décision.pdf')], ...item }), fields, results: {}, ...(foundAs !== undefined && { foundAs }) };
    },
    async content(sha256) {
      return (await files.whole(sha256)).toString();
    },
    async close() {
      outbound.close();
      await files.close();
    },
  };
  return rig;
}

/** So many bytes without holding them. */
export function largeContent(size: number): () => Readable {
  return () => {
    const chunk = Buffer.alloc(256 * 1024, 'relais');
    let left = size;
    return new Readable({ read() {
      this.push(left > 0 ? chunk.subarray(0, left) : null);
      left -= chunk.length;
    } });
  };
}
