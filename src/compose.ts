import fs from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import cron from 'node-cron';
import { connectors } from '../connectors/index.js';
import { openBlobStore, type FileBlobStore } from './blobs/file-blob-store.js';
import type { AuthorityConfiguration, Configuration } from './config/load-configuration.js';
import { placeMeetings } from './config/meeting-dates.js';
import type { DeliberationContext } from './deliberation/context.js';
import { createEngine, type Engine } from './delivery/engine.js';
import { systemTimer } from './delivery/timer.js';
import { createDocumentGenerator } from './documents/create-document-generator.js';
import type { DocumentGenerator } from './documents/generate-document.js';
import type { Authority } from './domain/authority.js';
import { RelaisError } from './errors.js';
import { createAuthenticator } from './identity/create-authenticator.js';
import { createIntake } from './intake/accept-item.js';
import { openStore, type Store } from './persistence/open-store.js';
import { systemClock } from './platform/clock.js';
import type { Logger } from './platform/logger.js';
import { createMetrics, type Metrics } from './platform/metrics.js';
import { createNewId } from './platform/new-id.js';
import { createHttpApp, type SoapMount } from './server/create-http-app.js';
import { certificateSubjectOf, listen, type RunningServer } from './server/listen.js';
import { createTrustedProxies, remoteAddressOf } from './server/remote-address.js';
import { createTraffic, type Traffic } from './server/traffic.js';
import { deferContinue } from './soap/expect-continue.js';
import { createSoapEndpoint } from './soap/soap-endpoint.js';
import { loadServiceModel, type ServiceModel } from './soap/service-model.js';
import { createWsdlDocument, publicBaseOf } from './soap/wsdl-document.js';
import { ws4pmOperations } from './ws4pm/operations.js';

export interface GatewayParts {
  readonly configuration: Configuration;
  /** Folder of the package: `wsdl/` is in it. */
  readonly packageFolder: string;
  readonly version: string;
  readonly logger: Logger;
}

export interface Gateway {
  /** Where it listens, for the log: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops taking requests, lets running ones and deliveries end, closes the store. */
  close(): Promise<void>;
}

/** What all authorities share. */
interface Installation extends GatewayParts {
  readonly store: Store;
  readonly model: ServiceModel;
  readonly wsdlFor: (base: string) => string;
  readonly metrics: Metrics;
  readonly traffic: Traffic;
  /** One for all: each has a process of its own. */
  readonly documents: DocumentGenerator;
  readonly isTrusted: (address: string | undefined) => boolean;
  readonly newId: () => string;
  readonly wakeEngine: () => void;
}

/** An authority with its meetings dated and its blobs open. */
interface ServedAuthority {
  readonly authority: Authority;
  readonly configured: AuthorityConfiguration;
  readonly blobs: FileBlobStore;
}

/** Requests that run when the server stops may take this long to end, milliseconds. */
const DRAIN_MS = 10_000;

/** A delivery lets requests go first for this long at most. */
const GIVE_WAY_MS = 200;

/** Orphaned blobs are looked for at night, and only those that nobody touched for a day. */
const SWEEP_SCHEDULE = '17 3 * * *';
const SWEEP_AGE_MS = 24 * 3_600_000;

/** Builds every part, starts the engine and listens. Undoes what it started if a later part fails. */
export async function compose(parts: GatewayParts): Promise<Gateway> {
  const { configuration, logger } = parts;
  const store = await openStore({ folder: configuration.dataFolder, clock: systemClock, logger });
  const started: (() => Promise<void>)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => { for (const close of started.toReversed()) await close(); };
  try {
    const common = { ...parts, ...await loadService(parts), store, metrics: createMetrics(), traffic: createTraffic(), documents: createDocumentGenerator(), newId: createNewId(), isTrusted: createTrustedProxies(configuration.server.trustedProxies) };
    const authorities = await Promise.all(configuration.authorities.map((configured) => openAuthority(common, configured)));
    const engine = composeEngine(common, authorities);
    const installation: Installation = { ...common, wakeEngine: () => engine.wake() };
    engine.start();
    started.push(() => engine.stop());
    started.push(scheduleSweep(installation, authorities));
    const server = await serve(installation, authorities);
    started.push(() => server.close(DRAIN_MS));
    return { url: addressOf(configuration.server, server.port), close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function loadService({ packageFolder }: GatewayParts): Promise<Pick<Installation, 'model' | 'wsdlFor'>> {
  const file = path.join(packageFolder, 'wsdl/ws4pm.wsdl');
  return { model: await loadServiceModel(file), wsdlFor: createWsdlDocument(await fs.readFile(file, 'utf8')) };
}

async function openAuthority({ store, configuration }: Omit<Installation, 'wakeEngine'>, configured: AuthorityConfiguration): Promise<ServedAuthority> {
  const { authority, declaredMeetings } = configured;
  const dates = await store.meetings.settle(authority.id, declaredMeetings);
  const blobs = await openBlobStore(path.join(configuration.dataFolder, 'blobs', authority.id));
  return { authority: placeMeetings(authority, declaredMeetings, dates), configured, blobs };
}

function composeEngine({ store, logger, metrics, traffic, newId }: Omit<Installation, 'wakeEngine'>, authorities: readonly ServedAuthority[]): Engine {
  const byId = new Map(authorities.map((served) => [served.authority.id, served]));
  return createEngine({
    store: {
      ...store.deliveries,
      async finish(delivery, outcome) {
        const written = await store.deliveries.finish(delivery, outcome);
        if (written) metrics.delivery({ authority: delivery.authority, connector: delivery.connector, state: outcome.state });
        return written;
      },
    },
    connectors,
    authority: (id) => byId.get(id)?.authority,
    blobs: (id) => {
      const served = byId.get(id);
      // Only deliveries of authorities that are served are carried out; the engine asks for their authority first.
      if (served === undefined) throw new RelaisError('RELAIS_INTERNAL', `authority ${id} is not served`);
      return served.blobs;
    },
    clock: systemClock, timer: systemTimer, logger, owner: newId(),
    giveWay: () => traffic.quiet(GIVE_WAY_MS),
  });
}

function scheduleSweep({ store, logger }: Installation, authorities: readonly ServedAuthority[]): () => Promise<void> {
  const task = cron.schedule(SWEEP_SCHEDULE, async () => {
    for (const { authority, blobs } of authorities) {
      const swept = await blobs.sweepOrphans((sha256) => store.blobReferences.isReferenced(authority.id, sha256), SWEEP_AGE_MS)
        .catch((error: unknown) => { logger.warn('The sweep of orphaned blobs failed; it runs again tomorrow', { authority: authority.id, error }); });
      if (swept !== undefined && swept.removed > 0) logger.info('Orphaned blobs removed', { authority: authority.id, ...swept });
    }
  });
  return async () => { await task.destroy(); };
}

async function serve(installation: Installation, authorities: readonly ServedAuthority[]): Promise<RunningServer> {
  const { configuration: { server }, metrics, store } = installation;
  const app = createHttpApp({
    mounts: authorities.map((served) => mountOf(installation, served)),
    readiness: () => store.tryToWrite().then(() => [], () => ['the database cannot be written: disk full or database locked']),
    metrics: { contentType: metrics.contentType, text: () => metrics.text(), public: server.metrics.public },
  });
  return await listen({ host: server.host, port: server.port, tls: server.tls, onRequest: app, onCheckContinue: deferContinue(app) });
}

function mountOf(installation: Installation, served: ServedAuthority): SoapMount {
  const { configuration: { server }, model, logger, metrics, traffic, newId, isTrusted, wsdlFor } = installation;
  const { authority, blobs } = served;
  const handle = createSoapEndpoint({
    model, blobs, newId, certificateSubjectOf,
    operations: ws4pmOperations(contextOf(installation, served)),
    authenticator: createAuthenticator({ accounts: served.configured.accounts, clock: systemClock }),
    limits: authority.limits,
    clientFaultStatus: authority.ws4pm.clientFaultStatus,
    realm: `Relais ${authority.id}`,
    logger: logger.child({ authority: authority.id }),
    clock: systemClock,
    remoteAddressOf: (request) => remoteAddressOf(request, isTrusted),
    onRequest: (operation, outcome, seconds) => { metrics.request({ authority: authority.id, operation: operation ?? 'unknown', outcome }, seconds); },
  });
  const wsdl = (request: IncomingMessage): string => wsdlFor(publicBaseOf({
    publicUrl: server.publicUrl ?? undefined, headers: request.headers, isTrustedProxy: isTrusted(request.socket.remoteAddress),
    isTls: server.tls !== null, path: authority.path, listening: `${server.host}:${server.port}`,
  }));
  return { path: authority.path, wsdl, handle: (request, response) => traffic.during(handle(request, response)) };
}

function contextOf(installation: Installation, { authority, blobs }: ServedAuthority): DeliberationContext {
  const { store, metrics, documents, version, newId } = installation;
  const logger = installation.logger.child({ authority: authority.id });
  const base = publicUrlOf(installation);
  return {
    authority, blobs, documents, newId, version,
    history: store.history,
    intake: createIntake({
      store: store.intake, routes: authority, clock: systemClock, newId,
      onAccepted({ item, deliveries, problems }) {
        metrics.itemAccepted({ authority: authority.id, source: item.source });
        if (deliveries > 0) installation.wakeEngine();
        for (const problem of problems) logger.warn('A flow was passed over', { item: item.uid, problem });
      },
    }),
    clock: systemClock, logger,
    publicUrl: () => base,
  };
}

function publicUrlOf({ configuration: { server } }: GatewayParts): string {
  return server.publicUrl ?? addressOf(server, server.port);
}

function addressOf({ host, tls }: Pick<Configuration['server'], 'host' | 'tls'>, port: number): string {
  return `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
