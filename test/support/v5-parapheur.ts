import { Readable } from 'node:stream';
import { v5Settings, type V5Settings } from '../../connectors/i-parapheur-v5/config.js';
import { iParapheurV5 } from '../../connectors/i-parapheur-v5/index.js';
import { openV5Simulator, type V5Simulator } from '../../connectors/i-parapheur-v5/simulator.js';
import type { ConnectorContext, Receipt, ResultDocument, Results, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import type { Annex } from '../../src/domain/item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { openDeskFiles } from '../../src/signature-desk/desk-files.js';
import type { DeskFolder } from '../../src/signature-desk/desk-folder.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import { sampleAnnex, sampleItem } from './sample-item.js';

export const PDF = makePdf(['Délibération du collège', 'Réfection de la rue Haute']);

export interface V5Rig {
  readonly book: V5Simulator;
  readonly context: ConnectorContext;
  readonly logger: RecordingLogger;
  /** `METHOD path` of what was asked, below the address. */
  readonly asked: string[];
  /** Puts Relais' clock on, and that of i-Parapheur with it. */
  pass(ms: number): void;
  /** What the next requests are answered in place of i-Parapheur; undefined lets one through. */
  instead: ((request: HttpRequest) => HttpAnswer | undefined) | undefined;
  settings(change?: Partial<Record<keyof V5Settings, unknown>>): V5Settings;
  annex(filename: string, content?: Buffer | (() => Readable), change?: Partial<Annex>): Promise<Annex>;
  submission(given?: { readonly key?: string; readonly title?: string; readonly fields?: Submission['fields']; readonly annexes?: readonly Annex[] }): Promise<Submission>;
  /** Bytes of a document that came back. */
  content(document: ResultDocument | undefined): Promise<Buffer>;
  /** The only folder that is there. */
  folder(): DeskFolder;
  close(): Promise<void>;
}

/** The connector before a simulated i-Parapheur whose clock stands `skewMs` off. */
export async function openV5Rig(skewMs = 0): Promise<V5Rig> {
  let now = Date.UTC(2027, 2, 1, 9);
  const book = await openV5Simulator({ clock: { now: () => now + skewMs } });
  const files = await openDeskFiles();
  const outbound = createOutboundHttp();
  const logger = recordingLogger();
  const { signal } = new AbortController();
  const call = outbound.callFor(signal);
  const asked: string[] = [];
  const rig: V5Rig = {
    book, logger, asked, instead: undefined,
    context: {
      logger, signal, clock: { now: () => now }, callBackUrl: 'http://127.0.0.1:9/callbacks/book', blobs: files, markSent: () => { asked.push('mark'); return Promise.resolve(); },
      async http(request) {
        asked.push(`${request.method} ${request.url.slice(book.url.length).replace(/^\/api\/standard\/v1/, '').replace(/^\/tenant\/[^/]+\/desk\/[^/?]+\//, '')}`);
        return rig.instead?.(request) ?? await call(request);
      },
    },
    pass: (ms) => { now += ms; },
    settings: (change = {}) => v5Settings.parse({ ...book.settings, ...change }),
    async annex(filename, content = PDF, change = {}) {
      const kept = await files.keep(Buffer.isBuffer(content) ? Readable.from([content]) : content());
      return sampleAnnex(filename, { ...kept, ...change });
    },
    async submission({ key = 'delivery-1', title = 'Réfection de la rue Haute', fields = {}, annexes } = {}) {
      return { key, operation: 'sign', item: sampleItem({ title, annexes: annexes ?? [await rig.annex('décision.pdf')] }), fields, results: {} };
    },
    async content(document) {
      const chunks: Buffer[] = [];
      for await (const chunk of files.read(document?.sha256 ?? '') as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    folder() {
      const [only, ...others] = book.desk.list();
      if (only === undefined || others.length > 0) throw new Error(`${others.length + (only === undefined ? 0 : 1)} folders are there`);
      return only;
    },
    async close() {
      await book.close();
      outbound.close();
      await files.close();
    },
  };
  return rig;
}

export function track(rig: V5Rig, receipt: Receipt, settings: V5Settings): Promise<Tracking> {
  if (iParapheurV5.track === undefined) throw new Error('the connector has no track');
  // Receipts come back from the store, so as JSON; the submission is not looked at.
  return iParapheurV5.track(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, settings, rig.context);
}

/** Asks as the engine does, until the end; all results on the way. */
export async function trackToEnd(rig: V5Rig, first: Receipt, settings: V5Settings): Promise<{ readonly ending: Tracking; readonly results: readonly Results[] }> {
  const results: Results[] = [];
  let receipt = first;
  for (let questions = 0; questions < 20; questions += 1) {
    const tracking = await track(rig, receipt, settings);
    if (tracking.results !== undefined) results.push(tracking.results);
    if (tracking.state !== 'pending') return { ending: tracking, results };
    receipt = { ...receipt, data: tracking.data ?? receipt.data };
    rig.pass(tracking.pollAfterMs ?? 60_000);
  }
  throw new Error('it does not end');
}
