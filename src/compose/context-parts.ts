import type { ContextParts } from '../delivery/connector-context.js';
import { RelaisError } from '../errors.js';
import { systemClock } from '../platform/clock.js';
import type { Installation } from './installation.js';
import { callBackUrlOf } from './public-url.js';
import type { ServedAuthorities } from './served-authorities.js';

/** What connectors are given of Relais, whatever they are called for. */
export function contextPartsOf({ configuration, outbound, logger }: Pick<Installation, 'configuration' | 'outbound' | 'logger'>, served: Pick<ServedAuthorities, 'get'>): ContextParts {
  return {
    authority: (id) => served.get(id)?.authority,
    blobs(id) {
      const one = served.get(id);
      // Only what belongs to authorities that are served is carried out; who does asks for their authority first.
      if (one === undefined) throw new RelaisError('RELAIS_INTERNAL', `authority ${id} is not served`);
      return one.blobs;
    },
    http: (signal) => outbound.callFor(signal),
    callBackUrl: (authority, connector) => callBackUrlOf(configuration, served.get(authority)?.authority.path ?? '', connector),
    clock: systemClock,
    logger,
  };
}
