import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createDepositFigures, type DepositFigures } from './deposit-figures.js';
import { addStoreGauges, type StoreFigures } from './store-figures.js';

interface DeliveryLabels {
  readonly authority: string;
  readonly connector: string;
}

/** What the gateway counts. Labels hold names that an administrator or the WSDL chose, never a caller's text. */
export interface Metrics extends DepositFigures {
  /** One SOAP answer. `outcome`: `ok`, or what kind of refusal it was. Seconds from the first byte to the last. */
  request(labels: { readonly authority: string; readonly operation: string; readonly outcome: string }, seconds: number): void;
  /** One item accepted and kept. */
  itemAccepted(labels: { readonly authority: string; readonly source: string }): void;
  /** One attempt at a delivery, or one question about it. `outcome`: the state that it led to, `pending` for no answer yet. */
  attempt(labels: DeliveryLabels & { readonly outcome: string }, seconds: number): void;
  /** One delivery that is done, seconds after its item was accepted. */
  delivered(labels: DeliveryLabels, seconds: number): void;
  /** One mail about an incident. */
  incidentMail(labels: { readonly authority: string; readonly outcome: 'sent' | 'failed' }): void;
  /** One call of another side about what it was sent. */
  callBack(labels: DeliveryLabels & { readonly outcome: string }): void;
  /** One that waited on another side. `outcome`: what became of it here. */
  collected(labels: DeliveryLabels & { readonly outcome: 'kept' | 'known' | 'gone' | 'failed' }): void;
  /** One question to a system behind a meeting config. */
  asked(labels: DeliveryLabels & { readonly question: string; readonly outcome: string }): void;
  readonly contentType: string;
  /** The page that Prometheus reads. */
  text(): Promise<string>;
}

/** Where gauges get their values when the page is read; without them it has none. */
export interface MetricsSources {
  readonly store?: () => Promise<StoreFigures>;
  /** Attempts under way in this process. */
  readonly inFlight?: () => number;
  /** Certificates that connectors show; `endsAt` is epoch milliseconds. */
  readonly certificates?: () => readonly (DeliveryLabels & { readonly endsAt: number })[];
  /** Systems behind meeting configs; `seenAt`: when what they are made of was seen last, epoch milliseconds, null: never. */
  readonly directories?: () => readonly (DeliveryLabels & { readonly seenAt: number | null })[];
}

/** From a small request to a large annex over a slow line, seconds. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];
/** From a partner that takes it at once to one that answers after a month, seconds. */
const WAITS = [0.1, 0.5, 1, 5, 30, 60, 300, 1800, 3600, 4 * 3600, 86_400, 7 * 86_400, 30 * 86_400];

/** A registry of its own (nothing global), with the figures of the process. */
export function createMetrics(sources: MetricsSources = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  addGauges(registry, sources);
  const requests = new Histogram({
    name: 'relais_soap_request_seconds', help: 'SOAP requests by operation and outcome', buckets: DURATIONS,
    labelNames: ['authority', 'operation', 'outcome'], registers,
  });
  const accepted = new Counter({ name: 'relais_items_accepted_total', help: 'Items accepted', labelNames: ['authority', 'source'], registers });
  const attempts = new Counter({
    name: 'relais_delivery_attempts_total', help: 'Attempts at deliveries, and questions about them, by what they led to',
    labelNames: ['authority', 'connector', 'outcome'], registers,
  });
  const attemptSeconds = new Histogram({ name: 'relais_delivery_attempt_seconds', help: 'How long attempts take', buckets: DURATIONS, labelNames: ['authority', 'connector'], registers });
  const deliveredSeconds = new Histogram({
    name: 'relais_delivery_done_seconds', help: 'From the acceptance of an item to the end of a delivery of it', buckets: WAITS,
    labelNames: ['authority', 'connector'], registers,
  });
  const mails = new Counter({ name: 'relais_incident_mails_total', help: 'Mails about incidents', labelNames: ['authority', 'outcome'], registers });
  const callBacks = new Counter({ name: 'relais_call_backs_total', help: 'Calls of other sides that tell of news', labelNames: ['authority', 'connector', 'outcome'], registers });
  const collected = new Counter({ name: 'relais_collected_total', help: 'What waited on other sides, by what became of it', labelNames: ['authority', 'connector', 'outcome'], registers });
  const questions = new Counter({ name: 'relais_upstream_questions_total', help: 'Questions to the systems behind meeting configs, by what came of them', labelNames: ['authority', 'connector', 'question', 'outcome'], registers });
  return {
    request: (labels, seconds) => requests.observe(labels, seconds),
    itemAccepted: (labels) => accepted.inc(labels),
    attempt({ outcome, ...labels }, seconds) {
      attempts.inc({ ...labels, outcome });
      attemptSeconds.observe(labels, seconds);
    },
    delivered: (labels, seconds) => deliveredSeconds.observe(labels, seconds),
    incidentMail: (labels) => mails.inc(labels),
    callBack: (labels) => callBacks.inc(labels),
    collected: (labels) => collected.inc(labels),
    asked: (labels) => questions.inc(labels),
    ...createDepositFigures(registers),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function addGauges(registry: Registry, { store, inFlight, certificates, directories = () => [] }: MetricsSources): void {
  collectDefaultMetrics({ register: registry });
  if (store !== undefined) addStoreGauges(registry, store);
  if (inFlight !== undefined) new Gauge({ name: 'relais_deliveries_in_flight', help: 'Attempts under way in this process', registers: [registry], collect() { this.set(inFlight()); } });
  if (certificates !== undefined) addCertificateGauge(registry, certificates);
  addDirectoryGauge(registry, directories);
}

function addCertificateGauge(registry: Registry, certificates: NonNullable<MetricsSources['certificates']>): void {
  new Gauge({
    name: 'relais_certificate_end_timestamp_seconds', help: 'When the certificate that a connector shows ends', labelNames: ['authority', 'connector'], registers: [registry],
    collect() {
      this.reset();
      for (const { endsAt, ...labels } of certificates()) this.set(labels, endsAt / 1000);
    },
  });
}

function addDirectoryGauge(registry: Registry, directories: NonNullable<MetricsSources['directories']>): void {
  new Gauge({
    name: 'relais_directory_timestamp_seconds', help: 'When what a system behind meeting configs is made of was seen last; 0: never', labelNames: ['authority', 'connector'], registers: [registry],
    collect() {
      this.reset();
      for (const { seenAt, ...labels } of directories()) this.set(labels, (seenAt ?? 0) / 1000);
    },
  });
}
