import type { BlobStore } from '../blobs/blob-store.js';
import { extensionsOf, mediaTypeOfName } from '../domain/media-types.js';
import { sniffMediaType } from '../deliberation/create-item/sniff-media-type.js';
import type { Authority } from '../domain/authority.js';
import type { Intake } from '../intake/accept-item.js';
import { createSenderRate } from '../mail-intake/sender-rate.js';
import type { MailParts } from '../mail-intake/take-message.js';
import type { Store } from '../persistence/open-store.js';
import { systemClock } from '../platform/clock.js';

export interface MailSurroundings {
  readonly authority: Authority;
  readonly blobs: BlobStore;
  readonly intake: Pick<Intake, 'acceptOnce'>;
  readonly store: Pick<Store, 'collecting'>;
  readonly newId: () => string;
  /** Who is who in the authority now; by default, who was when it was served. */
  readonly people?: () => Pick<Authority, 'users' | 'organisations'>;
}

/** The connectors that send mails: the reference of what they delivered is its Message-ID. */
const SENDS_MAIL = 'smtp';

/** The deposits of an authority that take mail, with what they need, whatever the way in. */
export function mailDepositsOf({ authority, blobs, intake, store, newId, people = () => authority }: MailSurroundings): MailParts[] {
  const senders = authority.connectors.filter(({ type }) => type === SENDS_MAIL).map(({ id }) => id);
  async function itemOfOurMail(messageId: string): Promise<string | null> {
    for (const connector of senders) {
      const uid = await store.collecting.itemOf({ authority: authority.id, connector }, messageId);
      if (uid !== null) return uid;
    }
    return null;
  }
  return authority.deposits.flatMap(({ mail, ...deposit }): MailParts[] => (mail === undefined ? [] : [{
    authority: authority.id, deposit, mail, language: authority.ws4pm.language, blobs, intake, newId, clock: systemClock, itemOfOurMail,
    people, rate: createSenderRate(mail.most, () => systemClock.now()),
    mediaTypeOf: (filename, head) => mediaTypeOfName(filename) ?? sniffMediaType(head),
    extensionOf: (mediaType) => extensionsOf(mediaType)[0],
  }]));
}
