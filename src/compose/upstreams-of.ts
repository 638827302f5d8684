import type { BlobStore } from '../blobs/blob-store.js';
import { lookingContext, type ContextParts } from '../delivery/connector-context.js';
import type { Authority } from '../domain/authority.js';
import type { Upstream, UpstreamOf } from '../facade/upstream.js';
import { systemClock } from '../platform/clock.js';
import { countQuestions } from './count-questions.js';
import type { Installation } from './installation.js';
import { callBackUrlOf } from './public-url.js';

/** The systems that decide for an authority, as it has them configured. */
export function upstreamsOf({ configuration, connectors, outbound, metrics, logger }: Installation, authority: Authority, blobs: Pick<BlobStore, 'read' | 'create' | 'keep' | 'discard'>): UpstreamOf {
  const parts: ContextParts = {
    authority: (id) => (id === authority.id ? authority : undefined),
    blobs: () => blobs, http: (signal) => outbound.callFor(signal), clock: systemClock, logger,
    callBackUrl: (_, connector) => callBackUrlOf(configuration, authority.path, connector),
  };
  const known = new Map(authority.connectors.flatMap(({ id, type, settings }): [string, Upstream][] => {
    const deliberation = connectors.get(type)?.deliberation;
    if (deliberation === undefined) return [];
    const place = { authority: authority.id, connector: id };
    return [[id, {
      settings,
      deliberation: countQuestions(deliberation, (counted) => { metrics.asked({ ...place, ...counted }); }),
      context: (signal) => lookingContext(place, parts, signal),
    }]];
  }));
  return (connector) => known.get(connector);
}
