import type { ConnectorState } from '../domain/connector-state.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import type { SendMail } from '../platform/mail.js';
import { incidentMail } from './incident-mail.js';
import { quietUntil, situationsOf, type Digest, type EndingCertificate, type OpenCount, type Situation, type Standing } from './situation.js';
import type { Incident, IncidentKey, IncidentStore } from './store.js';

/** An authority, and who is told. */
export interface Told {
  readonly id: string;
  readonly title: string;
  readonly mailTo: readonly string[];
  readonly digest: Digest;
  readonly language: 'fr' | 'en';
  /** IANA name. */
  readonly timeZone: string;
}

export interface TellParts {
  readonly store: IncidentStore;
  readonly operations: {
    connectorStates(authority: string): Promise<readonly ConnectorState[]>;
    counts(authority: string): Promise<readonly OpenCount[]>;
  };
  /** Those that the connectors of an authority show. */
  readonly certificates: (authority: string) => readonly EndingCertificate[];
  /** Null: no mail server is configured; incidents are noted for the metrics. */
  readonly send: SendMail | null;
  /** Told of every mail, for metrics. */
  readonly onMail: (authority: string, outcome: 'sent' | 'failed') => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A process that dies over a mail keeps the others from it for so long, milliseconds. */
const CLAIM_MS = 10 * 60_000;
const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
const OLDEST_SHOWN = 5;

/** Returns the function that compares what is the matter with an authority with what was told, and tells the difference. It
 * rejects only when the store does. */
export function createTelling(parts: TellParts): (told: Told) => Promise<void> {
  const { store, clock, logger } = parts;
  return lookAt;

  async function lookAt(told: Told): Promise<void> {
    const now = clock.now();
    const [connectors, counts, parked, known] = await Promise.all([
      parts.operations.connectorStates(told.id), parts.operations.counts(told.id), store.parked(told.id), store.list(told.id),
    ]);
    const standing: Standing = { connectors, counts, parked, certificates: parts.certificates(told.id) };
    const situations = situationsOf(standing, told.digest, now);
    for (const situation of situations) {
      const key = { authority: told.id, kind: situation.kind, subject: situation.subject };
      const incident = known.find((one) => isSame(one, key));
      if (incident === undefined) await store.open(key, situation.openedAt, situation.kind === 'digest' ? quietUntil('digest', told.digest, told.timeZone, now) : now);
      if (incident === undefined ? situation.kind !== 'digest' : isNews(incident, situation)) await tell(told, key, { standing, situation, failures: incident?.failures ?? 0 });
    }
    for (const incident of known.filter((one) => !situations.some((situation) => isSame(one, { authority: told.id, ...situation })))) {
      const isOfOtherMode = (incident.kind === 'digest') !== (told.digest !== 'none');
      if (incident.toldAt === null || isOfOtherMode) await store.close(incident);
      else await tell(told, incident, { standing, situation: null, failures: incident.failures });
    }
  }

  interface News { readonly standing: Standing; readonly situation: Situation | null; readonly failures: number }

  async function tell(told: Told, key: IncidentKey, { standing, situation, failures }: News): Promise<void> {
    const now = clock.now();
    if (parts.send === null || told.mailTo.length === 0) return;
    if (!await store.claim(key, now, now + CLAIM_MS)) return;
    const oldest = situation === null || situation.kind === 'breaker' || situation.kind === 'certificate' ? [] : await store.oldestParked(told.id, OLDEST_SHOWN);
    const mail = incidentMail({ authority: told, language: told.language, phase: situation === null ? 'over' : 'begun', incident: key, standing, oldest, now });
    try {
      await parts.send({ to: told.mailTo, ...mail });
    } catch (error) {
      parts.onMail(told.id, 'failed');
      logger.warn('A mail about an incident did not go out; it is tried again', { authority: told.id, incident: key.kind, error });
      await store.failed(key, clock.now() + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10)));
      return;
    }
    parts.onMail(told.id, 'sent');
    logger.info('A mail about an incident was sent', { authority: told.id, incident: key.kind, subject: key.subject, over: situation === null });
    if (situation === null) await store.close(key);
    else await store.told(key, { at: now, toldTo: situation.newest, tryAt: quietUntil(key.kind, told.digest, told.timeZone, now) });
  }
}

function isSame(one: IncidentKey, other: IncidentKey): boolean {
  return one.authority === other.authority && one.kind === other.kind && one.subject === other.subject;
}

/** Whether there is something to tell that was not told. */
function isNews({ kind, toldAt, toldTo }: Incident, { newest }: Situation): boolean {
  if (kind === 'breaker') return toldAt === null;
  return kind === 'digest' || newest > toldTo;
}
