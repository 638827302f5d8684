import fs from 'node:fs';
import type { TimestampSettings } from '../config/load-configuration.js';
import { createTimeStampClient } from '../journal/time-stamp-client.js';
import { createTimestamper, type Stamp, type Timestamper } from '../journal/timestamper.js';
import type { JournalStore } from '../journal/store.js';
import { systemTimer } from '../delivery/timer.js';
import type { OutboundHttp } from '../outbound/create-outbound-http.js';
import { systemClock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';

/** Between two seals where nothing else is configured, milliseconds. */
const SEAL_EVERY_MS = 3_600_000;
const ANSWER_MS = 30_000;
/** A token with its certificates takes a few KiB. */
const LARGEST_ANSWER = 256 * 1024;

export interface TimestamperSources {
  readonly timestamps: TimestampSettings | null;
  readonly journal: JournalStore;
  readonly outbound: OutboundHttp;
  readonly logger: Logger;
}

/** Seals the journals of all authorities regularly, with time stamps where an authority for them is configured. */
export function composeTimestamper({ timestamps, journal, outbound, logger }: TimestamperSources): Timestamper {
  return createTimestamper({
    store: journal, stamp: timestamps === null ? null : stampWith(timestamps, outbound),
    clock: systemClock, timer: systemTimer, logger, everyMs: timestamps === null ? SEAL_EVERY_MS : timestamps.everyMinutes * 60_000,
  });
}

function stampWith({ url, ca }: TimestampSettings, outbound: OutboundHttp): Stamp {
  const http = outbound.callFor(new AbortController().signal);
  return createTimeStampClient({
    url, ca: fs.readFileSync(ca, 'utf8'),
    async post(address, headers, body) {
      const answer = await http({ method: 'POST', url: address, headers, body, timeoutMs: ANSWER_MS, allowPrivate: true });
      return { status: answer.status, body: await readAll(answer.body) };
    },
  });
}

async function readAll(body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_ANSWER) throw new RangeError(`the time-stamp authority answered with more than ${LARGEST_ANSWER} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
