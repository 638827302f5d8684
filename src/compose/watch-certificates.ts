import cron from 'node-cron';
import { endingSoon } from '../incidents/situation.js';
import { systemClock } from '../platform/clock.js';
import type { Installation } from './installation.js';
import type { ServedAuthorities } from './served-authorities.js';
import { shownCertificates } from './shown-certificates.js';

/** When the certificates of all connectors end, epoch milliseconds, for the metrics. */
export function certificateEnds(served: Pick<ServedAuthorities, 'all'>): { readonly authority: string; readonly connector: string; readonly endsAt: number }[] {
  return served.all().flatMap(({ authority }) => shownCertificates(authority).map(({ connector, notAfter }) => ({ authority: authority.id, connector, endsAt: notAfter })));
}

const EVERY_MORNING = '12 6 * * *';

/** Writes into the log, now and every morning, which certificates of connectors end soon or have ended: where nobody gets mails, somebody
 * reads it there. Returns how to stop it. */
export function watchCertificates({ logger }: Pick<Installation, 'logger'>, served: Pick<ServedAuthorities, 'all'>): () => Promise<void> {
  function look(): void {
    const now = systemClock.now();
    for (const { authority } of served.all()) {
      for (const { connector, notAfter } of endingSoon(shownCertificates(authority), now)) {
        const fields = { authority: authority.id, connector, until: new Date(notAfter).toISOString() };
        if (notAfter <= now) logger.error('The certificate that a connector shows has ended: nothing reaches the other side until it is replaced', fields);
        else logger.warn('The certificate that a connector shows ends soon; order a new one', fields);
      }
    }
  }

  look();
  const task = cron.schedule(EVERY_MORNING, look);
  return async () => { await task.destroy(); };
}
