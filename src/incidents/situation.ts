import type { ConnectorState } from '../domain/connector-state.js';
import type { DeliveryState } from '../domain/delivery.js';
import { wallClock } from '../domain/wall-clock.js';
import type { IncidentKind, ParkedCount } from './store.js';

export type Digest = 'none' | 'hourly' | 'daily';

/** Deliveries of a connector that are in a state, as DeliveryOperations counts them. */
export interface OpenCount {
  readonly connector: string;
  readonly state: DeliveryState;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly oldest: number;
}

/** A certificate that a connector shows the other side. */
export interface EndingCertificate {
  readonly connector: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
}

/** How an authority stands. */
export interface Standing {
  readonly connectors: readonly ConnectorState[];
  readonly parked: readonly ParkedCount[];
  readonly counts: readonly OpenCount[];
  readonly certificates: readonly EndingCertificate[];
}

/** Something that is the matter now. */
export interface Situation {
  readonly kind: IncidentKind;
  readonly subject: string;
  readonly openedAt: number;
  /** When the last of it happened: what came after the last mail is told in the next one. */
  readonly newest: number;
}

/** What waits for longer is in the digest, milliseconds. */
export const LONG_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** It is told of a certificate so many days before its end, again and again: a new one is ordered weeks ahead. */
const CERTIFICATE_DAYS = [60, 30, 14, 7, 1, 0];
/** When the daily digest is sent, by the clocks of the authority. */
const DIGEST_HOUR = 7;

/** What is the matter with an authority, as it wants to be told. */
export function situationsOf(standing: Standing, digest: Digest, now: number): Situation[] {
  const open = standing.connectors.filter(({ breaker }) => breaker === 'open');
  const newest = Math.max(0, ...standing.parked.map((parked) => parked.newest));
  if (digest !== 'none') {
    const isQuiet = open.length === 0 && newest === 0 && standing.connectors.every(({ hold }) => hold === null) && waitingLong(standing, now).length === 0
      && endingSoon(standing.certificates, now).length === 0;
    return isQuiet ? [] : [{ kind: 'digest', subject: '', openedAt: now, newest: now }];
  }
  return [
    ...open.map(({ connector, openedAt }): Situation => ({ kind: 'breaker', subject: connector, openedAt: openedAt ?? now, newest: openedAt ?? now })),
    ...endingSoon(standing.certificates, now).map(({ connector, notAfter }): Situation => ({ kind: 'certificate', subject: connector, openedAt: now, newest: lastStage(notAfter, now) })),
    ...newest === 0 ? [] : [{ kind: 'parked' as const, subject: '', openedAt: newest, newest }],
  ];
}

/** What has been under way for a day or more and is not parked. */
export function waitingLong({ counts }: Standing, now: number): readonly OpenCount[] {
  return counts.filter(({ state, oldest }) => state !== 'parked' && now - oldest >= LONG_MS);
}

/** Certificates of which it is time to speak. */
export function endingSoon<Certificate extends EndingCertificate>(certificates: readonly Certificate[], now: number): readonly Certificate[] {
  return certificates.filter(({ notAfter }) => lastStage(notAfter, now) > 0);
}

/** The last of the days before its end that has come; 0 where none has. */
function lastStage(notAfter: number, now: number): number {
  return Math.max(0, ...CERTIFICATE_DAYS.map((days) => notAfter - days * DAY_MS).filter((at) => at <= now));
}

/** Before when nothing more is told of an incident that was told at `now`. */
export function quietUntil(kind: IncidentKind, digest: Digest, timeZone: string, now: number): number {
  if (kind === 'breaker' || kind === 'certificate') return now;
  if (kind === 'parked') return now + HOUR_MS;
  if (digest !== 'daily') return (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
  const local = wallClock(timeZone, now);
  const today = Math.floor(local / DAY_MS) * DAY_MS + DIGEST_HOUR * HOUR_MS;
  // an hour off on the day on which the clocks change, which a digest survives
  return now + (today > local ? today : today + DAY_MS) - local;
}
