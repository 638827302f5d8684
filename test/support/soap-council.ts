import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import type { HttpCall } from '../../src/connector-api/http.js';
import { keptFiles, type KeptFiles } from '../../src/connector-kit/kept-files.js';
import { recordingLogger, type RecordingLogger } from '../../src/connector-kit/recording-logger.js';
import { REHEARSAL_TIME, sampleItem, type SampleAnnex } from '../../src/connector-kit/sample-item.js';
import { rehearsalTown } from '../../src/council-desk/sample-town.js';
import type { Item } from '../../src/domain/item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { councilSoapSettings, type CouncilSoapSettings } from '../../connectors/plonemeeting-soap/config.js';
import { openSimulator, type CouncilSoapOptions, type CouncilSoapSimulator } from '../../connectors/plonemeeting-soap/simulator.js';

/** Uid over there of the organisation that proposes sample items. */
export const SAMPLE_GROUP = 'd'.repeat(32);

/** The connector's surroundings and a simulated PloneMeeting that speaks SOAP. */
export interface SoapCouncil {
  readonly other: CouncilSoapSimulator;
  readonly settings: CouncilSoapSettings;
  readonly files: KeptFiles;
  readonly logger: RecordingLogger;
  readonly clock: { at: number; now(): number };
  /** Names of the operations that were called. */
  readonly calls: string[];
  context(change?: Partial<ConnectorContext>): ConnectorContext;
  submission(item?: Partial<Item>, fields?: Submission['fields'], annexes?: readonly SampleAnnex[]): Submission;
  close(): Promise<void>;
}

export async function openSoapCouncil({ settings: more = {}, ...options }: CouncilSoapOptions = {}): Promise<SoapCouncil> {
  const clock = { at: REHEARSAL_TIME, now: () => clock.at };
  const other = await openSimulator({ town: rehearsalTown, clock, ...options });
  const outbound = createOutboundHttp();
  const files = keptFiles();
  const logger = recordingLogger();
  const calls: string[] = [];
  const counted = (call: HttpCall): HttpCall => async (request) => {
    const body = typeof request.body === 'string' || Buffer.isBuffer(request.body) ? request.body.toString() : '';
    calls.push(/<\w+:(\w+)Request/.exec(body)?.[1] ?? 'createItem');
    return call(request);
  };
  let number = 0;
  return {
    other, files, logger, clock, calls,
    settings: councilSoapSettings.parse({ ...other.settings, ...more }),
    context(change = {}) {
      const signal = change.signal ?? new AbortController().signal;
      return { logger, clock, http: counted(outbound.callFor(signal)), callBackUrl: 'http://127.0.0.1:9/callbacks/council', blobs: files.blobs, markSent: () => Promise.resolve(), signal, ...change };
    },
    submission(item = {}, fields = {}, annexes = []) {
      number += 1;
      for (const annex of annexes) files.put(annex);
      return { key: `key-${number}`, operation: 'create-item', item: { ...sampleItem(number), proposingOrganisation: SAMPLE_GROUP, annexes: annexes.map(({ annex }) => annex), ...item }, fields, results: {} };
    },
    async close() {
      await other.close();
      outbound.close();
    },
  };
}
