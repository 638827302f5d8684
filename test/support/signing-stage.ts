import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { signingSessionSettings, type SigningSessionSettings } from '../../connectors/signing-session/config.js';
import { signingSession } from '../../connectors/signing-session/index.js';
import { openSimulator, type SigningSide } from '../../connectors/signing-session/simulator.js';
import type { ConnectorContext, Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import { sampleAnnex, sampleItem } from './sample-item.js';

export const [JEANNE, LUC] = ['jeanne.dupont@ville.example', 'luc.martin@ville.example'] as const;

/** The connector before its simulated partner, with files in memory. */
export interface SigningStage {
  readonly partner: SigningSide;
  readonly logger: RecordingLogger;
  readonly files: Map<string, Buffer>;
  settings(change?: object): SigningSessionSettings;
  context(change?: Partial<ConnectorContext>): ConnectorContext;
  /** A PDF file of an item, which is kept. */
  pdf(filename: string, text?: string): Annex;
  /** Of an item with one PDF file, that Jeanne and Luc sign. */
  submission(change?: Partial<Submission>, annexes?: readonly Annex[]): Submission;
  /** Hands over as one session; the receipts as they come back from the store. */
  send(load: readonly Submission[], change?: object): Promise<readonly Receipt[]>;
  /** Asks about one; what it remembers goes into its receipt. */
  ask(receipt: Receipt, submission: Submission, change?: object): Promise<Tracking & { readonly receipt: Receipt }>;
  close(): Promise<void>;
}

export async function signingStage(): Promise<SigningStage> {
  const partner = await openSimulator();
  const outbound = createOutboundHttp();
  const logger = recordingLogger();
  const files = new Map<string, Buffer>();
  const { signal } = new AbortController();
  let last = 0;

  function keep(content: Buffer): { sha256: string; size: number } {
    const sha256 = createHash('sha256').update(content).digest('hex');
    files.set(sha256, content);
    return { sha256, size: content.length };
  }

  const stage: SigningStage = {
    partner, logger, files,
    settings: (change = {}) => signingSessionSettings.parse({ ...partner.settings, ...change }),
    context: (change = {}) => ({
      logger, clock: { now: () => Date.now() }, signal, http: outbound.callFor(signal), callBackUrl: 'http://127.0.0.1:9/callbacks/signing', markSent: () => Promise.resolve(),
      blobs: {
        read: (sha256) => Readable.from([files.get(sha256) ?? Buffer.alloc(0)]),
        async keep(content) {
          const chunks: Uint8Array[] = [];
          for await (const chunk of content) chunks.push(chunk);
          return keep(Buffer.concat(chunks));
        },
      },
      ...change,
    }),
    pdf: (filename, text = filename) => sampleAnnex(filename, keep(makePdf([text]))),
    submission(change = {}, annexes = [stage.pdf('plan.pdf', `plan ${last + 1}`)]) {
      last += 1;
      return { key: `key-${last}`, operation: 'sign', item: sampleItem({ annexes }), fields: { signers: [JEANNE, LUC] }, results: {}, ...change };
    },
    send: async (load, change) => JSON.parse(JSON.stringify(await signingSession.together?.submit(load, stage.settings(change), stage.context()))) as Receipt[],
    async ask(receipt, submission, change) {
      const told = await signingSession.track?.(receipt, { ...submission, fields: {} }, stage.settings(change), stage.context());
      if (told === undefined) throw new Error('the connector has no track');
      return { ...told, receipt: told.state === 'pending' && told.data !== undefined ? { ...receipt, data: told.data } : receipt };
    },
    async close() {
      outbound.close();
      await partner.close();
    },
  };
  return stage;
}
