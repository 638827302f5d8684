import type { BlobStore } from '../blobs/blob-store.js';
import { collectFrom, collectTarget, type Collected } from '../collect/collect-from.js';
import { lookingContext, type ContextParts } from '../delivery/connector-context.js';
import { systemTimer } from '../delivery/timer.js';
import type { ConnectorContext } from '../connector-api/connector.js';
import type { Authority, ConnectorSetting } from '../domain/authority.js';
import { createIntake } from '../intake/accept-item.js';
import { createOutboundHttp } from '../outbound/create-outbound-http.js';
import type { Store } from '../persistence/open-store.js';
import { systemClock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { createNewId } from '../platform/new-id.js';
import type { LoadedInstallation } from './load-installation.js';
import { callBackUrlOf } from './public-url.js';

/** A configured connector, used by a command beside a running gateway. */
export interface UsedBeside {
  readonly found: LoadedInstallation;
  readonly authority: Authority;
  readonly setting: ConnectorSetting;
  readonly blobs: Pick<BlobStore, 'read' | 'create' | 'keep' | 'discard'>;
  readonly logger: Logger;
}

/** Takes in at once what waits over there; null where the connector collects nothing. A gateway that runs finds the items by itself. */
export async function collectNow(used: UsedBeside, store: Pick<Store, 'collecting' | 'intake'>): Promise<Collected | null> {
  const { found, authority, setting } = used;
  const newId = createNewId();
  const intake = createIntake({ store: store.intake, routes: authority, clock: systemClock, newId, onAccepted: () => undefined });
  const target = collectTarget(authority, setting, found.connectors.get(setting.type), intake);
  if (target === null) return null;
  return beside(used, async (parts) => {
    const looks = { ...store.collecting, takenBefore: (id: string, keys: readonly string[]) => store.intake.takenBefore(id, keys) };
    const collected = await collectFrom(target, { ...parts, store: looks, timer: systemTimer, newId, hide: found.hide }, new AbortController().signal);
    await store.collecting.end({ authority: authority.id, connector: setting.id }, collected.health, null);
    return collected;
  });
}

/** Lets `work` call a connector that changes nothing over there. `withinMs`: then it is told to stop. */
export function lookOverThere<T>(used: UsedBeside, withinMs: number, work: (context: ConnectorContext) => Promise<T>): Promise<T> {
  const { authority, setting } = used;
  return beside(used, (parts) => work(lookingContext({ authority: authority.id, connector: setting.id }, parts, AbortSignal.timeout(withinMs))));
}

async function beside<T>({ found, authority, blobs, logger }: UsedBeside, work: (parts: ContextParts) => Promise<T>): Promise<T> {
  const outbound = createOutboundHttp();
  try {
    return await work({
      authority: (id) => (id === authority.id ? authority : undefined),
      blobs: () => blobs, http: (signal) => outbound.callFor(signal), clock: systemClock, logger,
      callBackUrl: (_, connector) => callBackUrlOf(found.configuration, authority.path, connector),
    });
  } finally {
    outbound.close();
  }
}
