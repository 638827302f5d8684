import { RelaisError } from '../errors.js';

/** `what` could not be asked, for the log; the caller is told in general words. */
export function upstreamAway(connector: string, what: string, cause?: unknown): RelaisError {
  return new RelaisError('RELAIS_UPSTREAM_AWAY', `connector ${connector}: ${what}, and nothing that is kept answers it`, { cause });
}
