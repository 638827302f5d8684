import type { IncomingMessage } from 'node:http';
import type { SweptBlobStore } from '../blobs/blob-store.js';
import type { AuthorityConfiguration } from '../config/load-configuration.js';
import { placeMeetings } from '../config/meeting-dates.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { createEmbeddedBackend } from '../deliberation/embedded-backend.js';
import type { DepositParts } from '../deposit/take-deposit.js';
import type { Authority } from '../domain/authority.js';
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
import type { Installation } from './installation.js';
import { depositHandler, depositsOf } from './serve-deposits.js';
import { publicUrlOf } from './public-url.js';

/** An authority as it is configured now, with its meetings dated, and its place under the server. */
export interface ServedAuthority {
  readonly authority: Authority;
  readonly blobs: SweptBlobStore;
  /** Takes items of it, whatever the edge. */
  readonly intake: Intake;
  readonly deposits: readonly DepositParts[];
  readonly mount: SoapMount;
  readonly incidents: AuthorityConfiguration['incidents'];
}

/** Makes one authority ready to be served. Nothing is taken over from how it was served before but its blobs and what the
 * store holds; calls under way end with what they began with. */
export async function serveAuthority(installation: Installation, configured: AuthorityConfiguration, blobs: SweptBlobStore): Promise<ServedAuthority> {
  const { declaredMeetings } = configured;
  const dates = await installation.store.meetings.settle(configured.authority.id, declaredMeetings);
  const authority = placeMeetings(configured.authority, declaredMeetings, dates);
  const own = { ...installation, logger: installation.logger.child({ authority: authority.id }) };
  const intake = intakeOf(own, authority);
  const deposits = depositsOf(own, authority, blobs, intake);
  const authenticator = createAuthenticator({ accounts: configured.accounts, clock: systemClock });
  const mount = { ...mountOf(own, contextOf(own, authority, blobs, intake), authenticator), deposit: depositHandler(own, authority, deposits, authenticator) };
  return { authority, blobs, intake, deposits, mount, incidents: configured.incidents };
}

/** `context`: what its operations need. */
function mountOf(installation: Installation, context: DeliberationContext & Pick<ServedAuthority, 'blobs'>, authenticator: Authenticator): SoapMount {
  const { authority, blobs } = context;
  const { configuration: { server }, model, logger, metrics, traffic, newId, isTrusted, wsdlFor } = installation;
  const handle = createSoapEndpoint({
    model, blobs, newId, certificateSubjectOf,
    operations: ws4pmOperations(context),
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

function intakeOf({ store, metrics, logger, newId, wakeEngine }: Installation, authority: Authority): Intake {
  return createIntake({
    store: store.intake, routes: authority, clock: systemClock, newId,
    onAccepted({ item, deliveries, problems }) {
      metrics.itemAccepted({ authority: authority.id, source: item.source });
      if (deliveries > 0) wakeEngine();
      for (const problem of problems) logger.warn('A flow was passed over', { item: item.uid, problem });
    },
  });
}

function contextOf(installation: Installation, authority: Authority, blobs: SweptBlobStore, intake: Intake): DeliberationContext & Pick<ServedAuthority, 'blobs'> {
  const { store, documents, version, newId, logger } = installation;
  const base = publicUrlOf(installation.configuration);
  const backend = createEmbeddedBackend({ history: store.history, blobs, documents });
  return { authority, blobs, backend, newId, version, intake, clock: systemClock, logger, publicUrl: () => base };
}
