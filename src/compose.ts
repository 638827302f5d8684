import fs from 'node:fs/promises';
import path from 'node:path';
import { composeCollector } from './compose/compose-collector.js';
import { composeEngine } from './compose/compose-engine.js';
import { dateMeetings } from './compose/date-meetings.js';
import { composeIncidents } from './compose/compose-incidents.js';
import type { Installation } from './compose/installation.js';
import { composeTimestamper } from './compose/compose-timestamper.js';
import { createMaintenance } from './compose/maintenance.js';
import { addressOf } from './compose/public-url.js';
import { createServedAuthorities, type ServedAuthorities } from './compose/served-authorities.js';
import { storeEngineOf } from './compose/store-settings.js';
import { receiveCallBacks } from './compose/receive-call-backs.js';
import { askOfNews } from './compose/ask-of-news.js';
import { createSimulators } from './compose/simulators.js';
import { takeFigures } from './compose/take-figures.js';
import { certificateEnds, watchCertificates } from './compose/watch-certificates.js';
import { createDepositWatches } from './compose/watch-deposits.js';
import { createMailboxWatches } from './compose/watch-mailboxes.js';
import { createUploadsOf } from './compose/uploads-of.js';
import type { Configuration } from './config/load-configuration.js';
import type { Connector } from './connector-api/connector.js';
import type { Engine } from './delivery/engine.js';
import { systemTimer } from './delivery/timer.js';
import { createDocumentGenerator } from './documents/create-document-generator.js';
import { createForwardingWaits } from './facade/forwarding-waits.js';
import { createOutboundHttp } from './outbound/create-outbound-http.js';
import type { IncidentWatch } from './incidents/watch-incidents.js';
import { openStore } from './persistence/open-store.js';
import { createAddressBudget } from './platform/address-budget.js';
import { systemClock } from './platform/clock.js';
import type { Logger } from './platform/logger.js';
import { createMetrics } from './platform/metrics.js';
import { createNewId } from './platform/new-id.js';
import { createHttpApp } from './server/create-http-app.js';
import { listen, type RunningServer } from './server/listen.js';
import { createTrustedProxies, remoteAddressOf } from './server/remote-address.js';
import { createTraffic } from './server/traffic.js';
import { deferContinue } from './soap/expect-continue.js';
import { loadServiceModel, type ServiceModel } from './soap/service-model.js';
import { createWsdlDocument } from './soap/wsdl-document.js';

/** `api`: takes items. `worker`: delivers them, and does what is done regularly. */
export type Role = 'api' | 'worker' | 'all';

export interface GatewayParts {
  readonly configuration: Configuration;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly role: Role;
  /** Folder of the package: `wsdl/` is in it. */
  readonly packageFolder: string;
  readonly version: string;
  readonly logger: Logger;
  /** Takes secrets of the configuration out of a text; by default there are none. */
  readonly hide?: (text: string) => string;
}

export interface Gateway {
  /** Where it listens, for the log: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Serves the authorities of another configuration from now on, all at once or not at all. What `server` says stays as
   * it was at the start. */
  reconfigure(configuration: Configuration): Promise<void>;
  /** Stops taking requests, lets running ones and deliveries end, closes the store. */
  close(): Promise<void>;
}

/** Requests that run when the server stops may take this long to end, milliseconds. */
const DRAIN_MS = 10_000;

/** Call backs that are not authentic, from one address. */
const CALL_BACK_LIMITS = { burst: 60, refillMs: 1_000 };

/** Builds every part that the role needs, starts the engine and listens. Undoes what it started if a later part fails. */
export async function compose(parts: GatewayParts): Promise<Gateway> {
  const { configuration, logger, role } = parts;
  let engine: Engine | null = null;
  const store = await openStore({ engine: storeEngineOf(configuration), clock: systemClock, logger });
  const started: (() => Promise<void>)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => { for (const close of started.toReversed()) await close(); };
  try {
    const outbound = createOutboundHttp();
    started.push(() => { outbound.close(); return Promise.resolve(); });
    const served: ServedAuthorities = createServedAuthorities();
    const common = {
      ...parts, ...await loadService(parts), store, outbound, traffic: createTraffic(), documents: createDocumentGenerator(),
      metrics: createMetrics({ store: () => takeFigures(store, systemClock), inFlight: () => engine?.inFlight() ?? 0, certificates: () => certificateEnds(served), directories: () => directoriesSeen(served) }),
      hide: parts.hide ?? ((text: string) => text), newId: createNewId(), isTrusted: createTrustedProxies(configuration.server.trustedProxies),
      uploadsOf: createUploadsOf(configuration.dataFolder),
      forwardingWaits: createForwardingWaits({ store: store.forwarding, clock: systemClock, timer: systemTimer, logger }),
    };
    const works = role !== 'api';
    const incidents = composeIncidents(common, served);
    engine = works ? composeEngine(common, served, () => { incidents.wake(); }) : null;
    const installation: Installation = { ...common, wakeEngine: () => { engine?.wake(); } };
    const collector = works ? composeCollector(installation, served, () => { incidents.wake(); }) : null;
    const news = askOfNews(installation, collector);
    const simulators = works ? createSimulators({
      dataFolder: configuration.dataFolder, logger,
      onNews: (authority, connector) => { news.tell(authority, connector); },
      townOf: (configured) => dateMeetings(store, configured),
    }) : null;
    started.push(async () => { news.stop(); await simulators?.close(); });
    await simulators?.follow(configuration);
    started.push(() => served.close());
    await served.replace(installation, configuration);
    engine?.start();
    started.push(async () => { await engine?.stop(); });
    collector?.start();
    started.push(async () => { await collector?.stop(); });
    if (works) started.push(...startRegularWork(installation, served, incidents));
    const watches = [createDepositWatches(installation), createMailboxWatches(installation)];
    started.push(async () => { await Promise.all(watches.map((watch) => watch.stop())); });
    if (works) await Promise.all(watches.map((watch) => watch.follow(served.all())));
    const server = await serveHttp(installation, served, role === 'worker' ? () => [] : served.mounts);
    started.push(() => server.close(DRAIN_MS), () => { installation.forwardingWaits.stop(); return Promise.resolve(); });
    return {
      url: addressOf(configuration.server, server.port),
      async reconfigure(next) {
        await simulators?.follow(next);
        await served.replace(installation, next);
        if (works) await Promise.all(watches.map((watch) => watch.follow(served.all())));
        engine?.wake();
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** When each system behind a meeting config was seen last. */
function directoriesSeen(served: ServedAuthorities): { authority: string; connector: string; seenAt: number | null }[] {
  return served.all().flatMap(({ authority, directory }) => directory.status().map(({ connector, at }) => ({ authority: authority.id, connector, seenAt: at })));
}

/** What is done from time to time; each with how to stop it. */
function startRegularWork(installation: Installation, served: ServedAuthorities, incidents: IncidentWatch): (() => Promise<void>)[] {
  const { configuration, store, outbound, logger } = installation;
  const timestamper = composeTimestamper({ timestamps: configuration.server.timestamps, journal: store.journal, outbound, logger });
  timestamper.start();
  incidents.start();
  return [() => timestamper.stop(), () => incidents.stop(), createMaintenance(installation, served), watchCertificates(installation, served)];
}

async function loadService({ packageFolder }: GatewayParts): Promise<{ readonly model: ServiceModel; readonly wsdlFor: (base: string) => string }> {
  const file = path.join(packageFolder, 'wsdl/ws4pm.wsdl');
  return { model: await loadServiceModel(file), wsdlFor: createWsdlDocument(await fs.readFile(file, 'utf8')) };
}

async function serveHttp(installation: Installation, served: ServedAuthorities, mounts: ServedAuthorities['mounts']): Promise<RunningServer> {
  const { configuration: { server }, metrics, store, isTrusted } = installation;
  const app = createHttpApp({
    mounts,
    callBacks: {
      take: receiveCallBacks(installation, served),
      remoteAddressOf: (request) => remoteAddressOf(request, isTrusted),
      budget: createAddressBudget(CALL_BACK_LIMITS, systemClock),
    },
    readiness: () => store.tryToWrite().then(() => [], () => ['the database cannot be written: disk full, locked, or not reachable']),
    metrics: { contentType: metrics.contentType, text: () => metrics.text(), public: server.metrics.public },
  });
  return await listen({ host: server.host, port: server.port, tls: server.tls, onRequest: app, onCheckContinue: deferContinue(app) });
}
