import { systemTimer } from '../delivery/timer.js';
import { createIncidentWatch, type IncidentWatch } from '../incidents/watch-incidents.js';
import { systemClock } from '../platform/clock.js';
import { createMailSender } from '../platform/mail.js';
import type { Installation } from './installation.js';
import type { ServedAuthorities } from './served-authorities.js';
import { shownCertificates } from './shown-certificates.js';

/** Tells people of what stops, for the authorities that are served at each moment. */
export function composeIncidents({ configuration, store, metrics, logger }: Pick<Installation, 'configuration' | 'store' | 'metrics' | 'logger'>, served: Pick<ServedAuthorities, 'all' | 'get'>): IncidentWatch {
  const { mail } = configuration.server;
  return createIncidentWatch({
    store: store.incidents,
    operations: store.operations,
    certificates: (id) => { const one = served.get(id); return one === undefined ? [] : shownCertificates(one.authority); },
    authorities: () => served.all().map(({ authority: { id, title, ws4pm: { language, timeZone } }, incidents }) => ({ id, title, language, timeZone, ...incidents })),
    send: mail === null ? null : createMailSender(mail),
    onMail: (authority, outcome) => { metrics.incidentMail({ authority, outcome }); },
    clock: systemClock, timer: systemTimer, logger,
  });
}
