import type { BlobStore } from '../blobs/blob-store.js';
import { mediaTypeOfName } from '../domain/media-types.js';
import { sniffMediaType } from '../deliberation/create-item/sniff-media-type.js';
import type { ToldItem } from '../deposit/http/answer-schemas.js';
import { createDepositEndpoint, type DepositedItem } from '../deposit/http/endpoint.js';
import type { DepositParts } from '../deposit/take-deposit.js';
import type { Authority } from '../domain/authority.js';
import type { Authenticator } from '../identity/authenticator.js';
import type { Intake } from '../intake/accept-item.js';
import { systemClock } from '../platform/clock.js';
import type { SoapMount } from '../server/create-http-app.js';
import { certificateSubjectOf } from '../server/listen.js';
import { remoteAddressOf } from '../server/remote-address.js';
import type { Installation } from './installation.js';

/** The deposits of an authority with what they need, whatever the way in. */
export function depositsOf({ newId }: Pick<Installation, 'newId'>, authority: Authority, blobs: BlobStore, intake: Intake): DepositParts[] {
  return authority.deposits.map((deposit) => ({
    authority: authority.id, deposit, language: authority.ws4pm.language, blobs, intake, newId, clock: systemClock,
    mediaTypeOf: (filename, head) => mediaTypeOfName(filename) ?? sniffMediaType(head),
  }));
}

/** Takes files over HTTP; undefined where no deposit does. */
export function depositHandler(installation: Installation, authority: Authority, deposits: readonly DepositParts[], authenticator: Authenticator): SoapMount['deposit'] {
  const open = deposits.filter(({ deposit }) => deposit.http);
  if (open.length === 0) return undefined;
  const { metrics, traffic, logger, isTrusted, version, uploadsOf } = installation;
  const handle = createDepositEndpoint({
    path: authority.path, deposits: open, users: authority.users, authenticator, realm: `Relais ${authority.id}`, uploads: uploadsOf(authority.id), version,
    idleMs: authority.limits.idleMs, logger, certificateSubjectOf,
    elapsed: () => performance.now(),
    remoteAddressOf: (request) => remoteAddressOf(request, isTrusted),
    itemOf: (uid) => itemOf(installation, authority.id, uid),
    onTaken: (deposit, outcome) => { metrics.deposited({ authority: authority.id, deposit, way: 'http', outcome }); },
  });
  return (request, response, rest) => traffic.during(handle(request, response, rest));
}

async function itemOf({ store }: Installation, authority: string, uid: string): Promise<DepositedItem | null> {
  const story = await store.history.story(authority, uid);
  if (story === null) return null;
  const { item: { kind, title, reviewState, creator }, deliveries } = story;
  const told: ToldItem = {
    uid, kind, title, state: reviewState,
    steps: deliveries.map(({ step, state, reason, results }) => ({ step, state, reason, results: { ...results } })),
  };
  return { creator, told };
}
