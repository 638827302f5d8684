import type { DepositMail, DepositMailbox, MailRoute } from '../domain/deposit-mail.js';
import { buildPlace, type PlaceSurroundings } from './build-place.js';
import type { MailEntry } from './mail-schema.js';
import type { PlaceEntry } from './place-schema.js';

/** Where servers listen for each encryption. */
const PORTS = { tls: 993, starttls: 143, none: 143 };

/** Turns a checked entry into what takes messages. `place` is that of the deposit: a route says only what is different. */
export function buildMail({ imap, agents, senders, keepMessage, limits, routes }: MailEntry, place: PlaceEntry, around: PlaceSurroundings): DepositMail {
  const { accept, refuse, automatic, most, within } = senders;
  return {
    mailbox: imap === undefined ? null : buildMailbox(imap), agents, accept, refuse, automatic, most: { count: most, withinMs: within }, keepMessage,
    limits: { bytes: limits.size, attachments: limits.attachments, depth: limits.depth, timeMs: limits.time },
    routes: routes.map((route) => buildRoute(route, place, around)),
  };
}

function buildMailbox({ every, port, ca, ...imap }: NonNullable<MailEntry['imap']>): DepositMailbox {
  return { ...imap, port: port ?? PORTS[imap.encryption], ca: ca ?? null, everyMs: every };
}

/** The annex type of the deposit is one of its own meeting config. */
function buildRoute({ place: own, organisationOf, function: suffix, ...route }: MailEntry['routes'][number], { annexType, ...general }: PlaceEntry, around: PlaceSurroundings): MailRoute {
  const isElsewhere = own.meetingConfig !== undefined && own.meetingConfig !== general.meetingConfig;
  const { account = general.account, meetingConfig = general.meetingConfig, organisation = general.organisation } = own;
  const place = buildPlace({ account, meetingConfig, organisation, annexType: own.annexType ?? (isElsewhere ? undefined : annexType) }, around);
  return { ...route, place, organisationOf: organisationOf ?? null, function: suffix ?? null };
}
