import { Readable } from 'node:stream';
import { pastellSettings, type PastellSettings } from '../../connectors/pastell/config.js';
import { pastell } from '../../connectors/pastell/index.js';
import { openPastellSimulator, type PastellSimulator, type PastellSimulatorOptions } from '../../connectors/pastell/simulator.js';
import type { ConnectorContext, Receipt, ResultDocument, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import type { Annex } from '../../src/domain/item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { openDeskFiles } from '../../src/signature-desk/desk-files.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { pesFile } from './pes-file.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import { sampleAnnex, sampleItem } from './sample-item.js';

export const PDF = makePdf(['Délibération du conseil', 'Réfection de la rue Haute']);

export const ACT = { number: '2027_012', nature: '1', classification: '7.1', decisionDate: '2027-02-26', subject: 'Réfection de la rue Haute' };

type Operation = 'transmit-act' | 'transmit-pes' | 'process-pdf' | 'sign';

export interface PastellRig {
  readonly other: PastellSimulator;
  readonly context: ConnectorContext;
  readonly logger: RecordingLogger;
  /** `METHOD path` of what was asked, below `/api/v2/entite/12/`, and `mark`. */
  readonly asked: string[];
  /** What the next requests are answered in place of Pastell; undefined lets one through. */
  instead: ((request: HttpRequest) => HttpAnswer | undefined) | undefined;
  pass(ms: number): void;
  settings(change?: Partial<Record<keyof PastellSettings, unknown>>): PastellSettings;
  annex(filename: string, content?: Buffer | (() => Readable), change?: Partial<Annex>): Promise<Annex>;
  submission(operation: Operation, given?: { readonly key?: string; readonly title?: string; readonly nomFic?: string; readonly fields?: Submission['fields']; readonly annexes?: readonly Annex[] }): Promise<Submission>;
  submit(submission: Submission, settings?: PastellSettings): Promise<Receipt>;
  /** Does something over there: `accept 2027_012`. */
  run(typed: string): Promise<void>;
  /** Bytes of a document that came back. */
  content(document: ResultDocument | undefined): Promise<Buffer>;
  close(): Promise<void>;
}

/** The connector before a simulated Pastell. */
export async function openPastellRig(options: PastellSimulatorOptions = {}): Promise<PastellRig> {
  let now = Date.UTC(2027, 2, 1, 9);
  const other = await openPastellSimulator({ clock: { now: () => now }, ...options });
  const files = await openDeskFiles();
  const outbound = createOutboundHttp();
  const logger = recordingLogger();
  const { signal } = new AbortController();
  const call = outbound.callFor(signal);
  const asked: string[] = [];
  const rig: PastellRig = {
    other, logger, asked, instead: undefined,
    context: {
      logger, signal, clock: { now: () => now }, callBackUrl: 'http://127.0.0.1:9/callbacks/pastell', blobs: files, markSent: () => { asked.push('mark'); return Promise.resolve(); },
      async http(request) {
        asked.push(`${request.method} ${decodeURIComponent(request.url.slice(other.url.length)).replace('/api/v2/', '').replace('entite/12/', '')}`);
        return rig.instead?.(request) ?? await call(request);
      },
    },
    pass: (ms) => { now += ms; },
    settings: (change = {}) => pastellSettings.parse({ ...other.settings, ...change }),
    async annex(filename, content = PDF, change = {}) {
      const kept = await files.keep(Buffer.isBuffer(content) ? Readable.from([content]) : content());
      return sampleAnnex(filename, { ...kept, ...change });
    },
    async submission(operation, { key = 'delivery-1', title = 'Réfection de la rue Haute', nomFic = 'PESALR2_0001', fields = {}, annexes } = {}) {
      const pes = operation === 'transmit-pes';
      const file = () => (pes ? rig.annex('flux.xml', pesFile({ nomFic, ids: true }), { mediaType: 'application/xml' }) : rig.annex('délibération.pdf'));
      return { key, operation, item: sampleItem({ title, annexes: annexes ?? [await file()] }), fields: { ...(operation === 'transmit-act' && ACT), ...fields }, results: {} };
    },
    submit: (submission, settings = rig.settings()) => pastell.submit(submission, settings, rig.context),
    async run(typed) {
      const done = await other.commands?.run(typed);
      if (done === undefined) throw new Error(`nothing came of «${typed}»`);
    },
    async content(document) {
      const chunks: Buffer[] = [];
      for await (const chunk of files.read(document?.sha256 ?? '') as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async close() {
      await other.close();
      outbound.close();
      await files.close();
    },
  };
  return rig;
}

export function track(rig: PastellRig, receipt: Receipt, settings = rig.settings()): Promise<Tracking> {
  if (pastell.track === undefined) throw new Error('the connector has no track');
  // Receipts come back from the store, so as JSON; the submission is not looked at.
  return pastell.track(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, settings, rig.context);
}

/** The receipt as it is kept after a question. */
export function after(receipt: Receipt, tracking: Tracking): Receipt {
  return tracking.state === 'pending' && tracking.data !== undefined ? { ...receipt, data: tracking.data } : receipt;
}

export interface Followed {
  readonly ending: Tracking;
  readonly documents: readonly ResultDocument[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  readonly receipt: Receipt;
}

/** Asks as the engine does: until the end, or until two answers are alike. */
export async function follow(rig: PastellRig, first: Receipt, settings = rig.settings()): Promise<Followed> {
  const documents: ResultDocument[] = [];
  const notes: string[] = [];
  let fields = {};
  let receipt = first;
  for (let questions = 0; questions < 30; questions += 1) {
    const ending = await track(rig, receipt, settings);
    documents.push(...ending.results?.documents ?? []);
    fields = { ...fields, ...ending.results?.fields };
    const isStill = ending.state === 'pending' && ending.results === undefined && ending.note === notes.at(-1);
    if (ending.state !== 'pending' || isStill) return { ending, documents, fields, notes, receipt };
    notes.push(ending.note ?? '');
    receipt = after(receipt, ending);
    rig.pass(ending.pollAfterMs ?? 60_000);
  }
  throw new Error('it does not end');
}

/** What stands over there: type, state and title of each document. */
export function standing(rig: PastellRig): readonly string[] {
  return rig.other.documents().map(({ type, states }) => `${type} ${states.at(-1)?.action ?? ''}`);
}
