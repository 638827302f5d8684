import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RelaisError } from '../errors.js';
import type { Clock } from '../platform/clock.js';
import { PROGRESS_BYTES, REQUEST_MS } from './limits.js';
import type { SoapLimits } from './limits.js';

/** Takes chunks; a promise asks to wait before the next. */
export type Push = (chunk: Buffer) => Promise<void> | undefined;

/** Refuses a body whose announced length is over the limit, or in an encoding that is not read, before any of it is read.
 * Throws RELAIS_SOAP_LIMIT, RELAIS_SOAP_MEDIA. */
export function checkAnnouncement(request: IncomingMessage, limits: SoapLimits): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.requestBytes) throw overSize(limits);
  const encoding = contentEncoding(request);
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new RelaisError('RELAIS_SOAP_MEDIA', `the content encoding is "${encoding.slice(0, 40)}"; expected gzip or none`);
  }
}

/** So much is handed on at once; less waits for the end of the turn. */
const CRUMBS_BYTES = 16_384;

/** Feeds the body of a request to `push`, decompressed, and resolves when all of it was taken. Rejects with what `push`
 * throws, RELAIS_SOAP_LIMIT over `requestBytes` (decompressed), RELAIS_SOAP_CUT if the body ends early or stops coming. */
export async function pumpBody(request: IncomingMessage, limits: SoapLimits, clock: Clock, push: Push): Promise<void> {
  if (contentEncoding(request) !== 'gzip') { await pump(request, request, limits, clock, push); return; }
  const gunzip = createGunzip({ chunkSize: 65_536 });
  // not pipeline(): it would destroy the request, and with it the connection that the fault has to go out on
  request.pipe(gunzip);
  try {
    await pump(gunzip, request, limits, clock, push);
  } finally {
    request.unpipe(gunzip);
    gunzip.destroy();
  }
}

function contentEncoding(request: IncomingMessage): string {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  return encoding === 'x-gzip' ? 'gzip' : encoding === '' ? 'identity' : encoding;
}

function overSize(limits: SoapLimits): RelaisError {
  return new RelaisError('RELAIS_SOAP_LIMIT', `the request exceeds a limit: requestBytes, at most ${limits.requestBytes} bytes`);
}

function cut(why: string): RelaisError {
  return new RelaisError('RELAIS_SOAP_CUT', why);
}

/** `source` is what is read (the request, or its decompressed form); `request` is watched for the connection. */
function pump(source: Readable, request: IncomingMessage, limits: SoapLimits, clock: Clock, push: Push): Promise<void> {
  return new Promise((resolve, reject) => {
    const meter = createMeter(limits, clock);
    const timer = setTimeout(onIdle, limits.idleMs);
    const { add: onData, flush, drop } = gatherCrumbs(take, settle);
    let isWaiting = false;
    let isSettled = false;
    let hasEnded = false;

    function settle(error?: unknown): void {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      drop();
      source.off('data', onData).off('end', onEnd).off('error', onError).pause();
      request.off('close', onClose).off('error', onClose);
      // what fails from here on concerns a body that nobody reads any more
      source.on('error', ignore);
      request.on('error', ignore);
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the body could not be taken', { cause: error }));
    }
    function take(chunk: Buffer): void {
      if (meter.count(chunk.length)) timer.refresh();
      const wait = push(chunk);
      if (wait !== undefined) waitFor(wait);
    }
    function waitFor(wait: Promise<void>): void {
      isWaiting = true;
      source.pause();
      wait.then(() => {
        if (isSettled) return;
        isWaiting = false;
        timer.refresh();
        if (hasEnded) settle();
        else source.resume();
      }, settle);
    }
    // while a write to disk is awaited, the caller is not to blame
    function onIdle(): void {
      if (isWaiting) timer.refresh();
      else settle(cut(`the body brought less than ${PROGRESS_BYTES} bytes in ${limits.idleMs / 1000} s and was given up`));
    }
    // a paused stream still ends when its last chunk was buffered; what was pushed has to be through first
    function onEnd(): void {
      flush();
      hasEnded = true;
      if (!isWaiting) settle();
    }
    function onError(error: Error): void {
      settle(source === request ? cut('the connection was closed before the end of the body') : notGzip(error));
    }
    function onClose(): void {
      if (!request.complete) settle(cut('the connection was closed before the end of the body'));
    }
    source.on('data', onData).on('end', onEnd).on('error', onError);
    request.on('close', onClose).on('error', onClose);
    if (request.destroyed && !request.complete) onClose();
  });
}

interface Crumbs {
  readonly add: (chunk: Buffer) => void;
  /** Hands on what was gathered. */
  readonly flush: () => void;
  /** Forgets it. */
  readonly drop: () => void;
}

/** Hands chunks on, small ones joined while they come in the same turn of the event loop: chunked encoding may cut a body
 * into single bytes, and for each of them the reader would look again at the whole tag that it waits for. */
function gatherCrumbs(take: (chunk: Buffer) => void, fail: (error: unknown) => void): Crumbs {
  let crumbs: Buffer[] = [];
  let bytes = 0;
  let turn: NodeJS.Immediate | undefined;

  function drop(): Buffer[] {
    const dropped = crumbs;
    clearImmediate(turn);
    turn = undefined;
    crumbs = [];
    bytes = 0;
    return dropped;
  }
  function flush(): void {
    const [first, ...others] = drop();
    if (first === undefined) return;
    try {
      take(others.length === 0 ? first : Buffer.concat([first, ...others]));
    } catch (error) {
      fail(error);
    }
  }
  return {
    flush,
    drop,
    add(chunk) {
      crumbs.push(chunk);
      bytes += chunk.length;
      if (bytes >= CRUMBS_BYTES) flush();
      else turn ??= setImmediate(flush);
    },
  };
}

function ignore(): void {
  // see settle()
}

function notGzip(error: Error & { code?: string }): RelaisError {
  if (error.code === 'Z_BUF_ERROR') return cut('the compressed body ends early');
  return new RelaisError('RELAIS_SOAP_MALFORMED', 'the body is not valid gzip, as its Content-Encoding says', { cause: error });
}

/** Counts bytes against the limits; says when they are progress enough to start the idle time anew. */
function createMeter(limits: SoapLimits, clock: Clock): { count(bytes: number): boolean } {
  const started = clock.now();
  let total = 0;
  let rewarded = 0;
  return {
    count(bytes) {
      total += bytes;
      if (total > limits.requestBytes) throw overSize(limits);
      if (total - rewarded < PROGRESS_BYTES) return false;
      rewarded = total;
      if (clock.now() - started > (limits.requestMs ?? REQUEST_MS)) throw cut('the body took too long as a whole and was given up');
      return true;
    },
  };
}
