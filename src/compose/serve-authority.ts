import type { IncomingMessage } from 'node:http';
import type { SweptBlobStore } from '../blobs/blob-store.js';
import type { AuthorityConfiguration } from '../config/load-configuration.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { createEmbeddedBackend } from '../deliberation/embedded-backend.js';
import type { DepositParts } from '../deposit/take-deposit.js';
import { systemTimer } from '../delivery/timer.js';
import type { Authority } from '../domain/authority.js';
import { createDirectory, type Directory } from '../facade/directory.js';
import { createFacadeBackend, type FacadeBackend } from '../facade/facade-backend.js';
import type { Authenticator } from '../identity/authenticator.js';
import { createAuthenticator } from '../identity/create-authenticator.js';
import { createIntake, type Intake } from '../intake/accept-item.js';
import { systemClock } from '../platform/clock.js';
import type { SoapMount } from '../server/create-http-app.js';
import { certificateSubjectOf } from '../server/listen.js';
import { remoteAddressOf } from '../server/remote-address.js';
import { createSoapEndpoint } from '../soap/soap-endpoint.js';
import { publicBaseOf } from '../soap/wsdl-document.js';
import { ws4pmOperations } from '../ws4pm/operations.js';
import { dateMeetings } from './date-meetings.js';
import type { Installation } from './installation.js';
import { depositHandler, depositsOf } from './serve-deposits.js';
import { publicUrlOf } from './public-url.js';
import { upstreamsOf } from './upstreams-of.js';

/** An authority as it is configured now, with its meetings dated, and its place under the server. */
export interface ServedAuthority {
  /** As it is now: what a system behind says of itself is laid over what is declared. */
  readonly authority: Authority;
  readonly directory: Pick<Directory, 'status'>;
  readonly blobs: SweptBlobStore;
  /** Takes items of it, whatever the edge. */
  readonly intake: Intake;
  readonly deposits: readonly DepositParts[];
  readonly mount: SoapMount;
  readonly incidents: AuthorityConfiguration['incidents'];
  /** Nobody asks for it any more: what goes on towards systems behind it is given up, and what was read is kept. */
  retire(): Promise<void>;
}

/** What the parts of one served authority share. */
interface Serving {
  readonly declared: Authority;
  readonly directory: Directory;
  readonly blobs: SweptBlobStore;
  readonly backend: FacadeBackend;
  readonly intake: Intake;
}

/** Makes one authority ready to be served. Nothing is taken over from how it was served before but its blobs and what the
 * store holds; calls under way end with what they began with. */
export async function serveAuthority(installation: Installation, configured: AuthorityConfiguration, blobs: SweptBlobStore): Promise<ServedAuthority> {
  const declared = await dateMeetings(installation.store, configured);
  const own = { ...installation, logger: installation.logger.child({ authority: declared.id }) };
  const { store: { copies, history, links }, documents, logger } = own;
  const upstreamOf = upstreamsOf(own, declared, blobs);
  const time = { clock: systemClock, timer: systemTimer };
  const directory = createDirectory({ declared, upstreamOf, copies, logger, ...time });
  const embedded = createEmbeddedBackend({ history, blobs, documents });
  const backend = createFacadeBackend({ authority: declared.id, embedded, history, links, copies, upstreamOf, logger, ...time });
  const intake = intakeOf(own, directory);
  const deposits = depositsOf(own, declared, blobs, intake);
  const authenticator = createAuthenticator({ accounts: configured.accounts, clock: systemClock });
  const mount = { ...mountOf(own, { declared, directory, blobs, backend, intake }, authenticator), deposit: depositHandler(own, declared, deposits, authenticator) };
  await directory.start();
  return {
    get authority() { return directory.current(); },
    directory, blobs, intake, deposits, mount, incidents: configured.incidents,
    async retire() {
      directory.stop();
      backend.stop();
      await backend.settled();
    },
  };
}

function mountOf(installation: Installation, serving: Serving, authenticator: Authenticator): SoapMount {
  const { declared: authority, directory, blobs } = serving;
  const { configuration: { server }, model, logger, metrics, traffic, newId, isTrusted, wsdlFor } = installation;
  const handle = createSoapEndpoint({
    model, blobs, newId, certificateSubjectOf,
    operations: ws4pmOperations(contextOf(installation, serving), (userIds) => directory.authorityFor(userIds)),
    authenticator,
    limits: authority.limits,
    clientFaultStatus: authority.ws4pm.clientFaultStatus,
    realm: `Relais ${authority.id}`,
    logger,
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

function intakeOf({ store, metrics, logger, newId, wakeEngine }: Installation, directory: Directory): Intake {
  return createIntake({
    store: store.intake, clock: systemClock, newId,
    get routes() { return directory.current(); },
    onAccepted({ item, deliveries, problems }) {
      metrics.itemAccepted({ authority: item.authority, source: item.source });
      if (deliveries > 0) wakeEngine();
      for (const problem of problems) logger.warn('A flow was passed over', { item: item.uid, problem });
    },
  });
}

function contextOf(installation: Installation, { declared: authority, blobs, backend, intake }: Serving): DeliberationContext {
  const { version, newId, logger, forwardingWaits } = installation;
  const base = publicUrlOf(installation.configuration);
  return { authority, blobs, backend, newId, version, intake, clock: systemClock, logger, awaitForwarding: forwardingWaits.awaitOf(authority.id), publicUrl: () => base };
}
