import { endingSoon, waitingLong, type EndingCertificate, type Situation, type Standing } from './situation.js';
import type { ParkedDelivery } from './store.js';

export interface MailFacts {
  readonly authority: { readonly id: string; readonly title: string };
  readonly language: 'fr' | 'en';
  readonly phase: 'begun' | 'over';
  readonly incident: Pick<Situation, 'kind' | 'subject'>;
  readonly standing: Standing;
  /** Those parked for longest. */
  readonly oldest: readonly ParkedDelivery[];
  readonly now: number;
}

interface Words {
  readonly opened: (connector: string) => string;
  readonly closed: (connector: string) => string;
  readonly parked: (count: number) => string;
  readonly noneParked: string;
  readonly ends: (connector: string, on: string, isOver: boolean) => string;
  readonly renewed: (connector: string) => string;
  readonly renew: string;
  readonly digest: string;
  readonly allWell: string;
  readonly because: string;
  readonly waits: string;
  readonly held: (connector: string, by: string, reason: string) => string;
  readonly long: (count: number, connector: string, state: string) => string;
  readonly fix: string;
  readonly look: string;
}

const WORDS: Readonly<Record<'fr' | 'en', Words>> = {
  fr: {
    opened: (connector) => `le connecteur ${connector} est arrêté`,
    closed: (connector) => `le connecteur ${connector} fonctionne de nouveau`,
    parked: (count) => `${count} transmission(s) attendent quelqu'un`,
    noneParked: 'plus aucune transmission n\'attend quelqu\'un',
    ends: (connector, on, isOver) => `le certificat que montre le connecteur ${connector} ${isOver ? 'a expiré' : 'expire'} le ${on}`,
    renewed: (connector) => `le certificat du connecteur ${connector} est renouvelé`,
    renew: 'Demandez un nouveau certificat à l\'autorité qui l\'a délivré, enregistrez-le auprès du partenaire, puis remplacez tls.cert et tls.key.',
    digest: 'ce qui attend',
    allWell: 'plus rien n\'attend',
    because: 'Raison',
    waits: 'Rien n\'est perdu : les transmissions attendent et partiront dès que possible.',
    held: (connector, by, reason) => `Le connecteur ${connector} est retenu par ${by} : ${reason}`,
    long: (count, connector, state) => `${count} transmission(s) vers ${connector} (${state}), la plus ancienne depuis plus d'un jour`,
    fix: 'À faire',
    look: 'Commandes',
  },
  en: {
    opened: (connector) => `connector ${connector} is stopped`,
    closed: (connector) => `connector ${connector} works again`,
    parked: (count) => `${count} deliveries need someone`,
    noneParked: 'no delivery needs anyone any more',
    ends: (connector, on, isOver) => `the certificate that connector ${connector} shows ${isOver ? 'ended' : 'ends'} on ${on}`,
    renewed: (connector) => `the certificate of connector ${connector} is renewed`,
    renew: 'Ask the authority that issued it for a new certificate, register it with the partner, then replace tls.cert and tls.key.',
    digest: 'what is waiting',
    allWell: 'nothing is waiting any more',
    because: 'Reason',
    waits: 'Nothing is lost: the deliveries wait, and go as soon as they can.',
    held: (connector, by, reason) => `Connector ${connector} is held by ${by}: ${reason}`,
    long: (count, connector, state) => `${count} deliveries to ${connector} (${state}), the oldest for more than a day`,
    fix: 'To do',
    look: 'Commands',
  },
};

/** What people are told: what is the matter, why, what to do. It holds titles of items and no content. */
export function incidentMail(facts: MailFacts): { readonly subject: string; readonly text: string } {
  const words = WORDS[facts.language];
  const what = headline(facts, words);
  const lines = facts.phase === 'over' ? [] : bodyOf(facts, words);
  return { subject: oneLine(`[Relais ${facts.authority.id}] ${what}`), text: `${facts.authority.title}: ${what}.\n${lines.map((line) => `\n${line}`).join('')}\n` };
}

function headline({ incident: { kind, subject }, phase, standing, now }: MailFacts, words: Words): string {
  if (kind === 'breaker') return phase === 'begun' ? words.opened(subject) : words.closed(subject);
  if (kind === 'certificate') return phase === 'over' ? words.renewed(subject) : endOf(standing.certificates.find(({ connector }) => connector === subject), now, words);
  if (kind === 'parked') return phase === 'begun' ? words.parked(parkedIn(standing)) : words.noneParked;
  return phase === 'begun' ? words.digest : words.allWell;
}

function bodyOf(facts: MailFacts, words: Words): string[] {
  const { incident: { kind, subject }, standing, oldest, now } = facts;
  if (kind === 'certificate') return [words.renew, '', `${words.look}:`, ...commands(facts)];
  const breakers = standing.connectors.filter(({ connector, breaker }) => breaker === 'open' && (kind === 'digest' || connector === subject));
  const stopped = kind === 'parked' ? [] : breakers.flatMap(({ connector, reason }) => [...kind === 'digest' ? [words.opened(connector)] : [], `${words.because}: ${reason ?? '?'}`, words.waits, '']);
  const parked = kind === 'breaker' || parkedIn(standing) === 0 ? [] : parkedLines(facts, words, oldest);
  const others = kind !== 'digest' ? [] : [
    ...standing.connectors.flatMap(({ connector, hold }) => (hold === null ? [] : [words.held(connector, hold.by, hold.reason)])),
    ...endingSoon(standing.certificates, now).map((certificate) => endOf(certificate, now, words)),
    ...waitingLong(standing, now).map(({ count, connector, state }) => words.long(count, connector, state)),
  ];
  return [...stopped, ...parked, ...others, '', `${words.look}:`, ...commands(facts)];
}

function parkedLines({ standing }: MailFacts, words: Words, oldest: readonly ParkedDelivery[]): string[] {
  return [
    ...standing.parked.map(({ connector, count }) => `${connector}: ${words.parked(count)}`), '',
    ...oldest.flatMap(({ itemTitle, itemUid, connector, since, reason, fix }) => [
      `${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC  ${connector}  ${oneLine(itemTitle)} (${itemUid})`,
      ...reason === null ? [] : [`    ${words.because}: ${oneLine(reason)}`],
      ...fix === null ? [] : [`    ${words.fix}: ${oneLine(fix)}`],
    ]), '',
  ];
}

function commands({ incident: { kind, subject }, authority: { id } }: MailFacts): string[] {
  if (kind === 'certificate') return [`  relais connectors check ${subject} --authority ${id}`];
  const connectors = ['  relais connectors list --authority ' + id, ...kind === 'breaker' ? [`  relais connectors release ${subject} --authority ${id}`] : []];
  const deliveries = [`  relais deliveries list --state parked --authority ${id}`, `  relais deliveries retry --state parked --dry-run --authority ${id}`];
  return [...kind === 'parked' ? [] : connectors, ...kind === 'breaker' ? [] : deliveries];
}

function endOf(certificate: EndingCertificate | undefined, now: number, words: Words): string {
  const { connector = '?', notAfter = now } = certificate ?? {};
  return words.ends(connector, new Date(notAfter).toISOString().slice(0, 10), notAfter <= now);
}

function parkedIn({ parked }: Standing): number {
  return parked.reduce((sum, { count }) => sum + count, 0);
}

/** A title must not forge another line, nor a header. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
