import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What the gateway counts. Labels hold names that an administrator or the WSDL chose, never a caller's text. */
export interface Metrics {
  /** One SOAP answer. `outcome`: `ok`, or what kind of refusal it was. Seconds from the first byte to the last. */
  request(labels: { readonly authority: string; readonly operation: string; readonly outcome: string }, seconds: number): void;
  /** One item accepted and kept. */
  itemAccepted(labels: { readonly authority: string; readonly source: string }): void;
  /** One delivery that reached a state. */
  delivery(labels: { readonly authority: string; readonly connector: string; readonly state: string }): void;
  readonly contentType: string;
  /** The page that Prometheus reads. */
  text(): Promise<string>;
}

/** From a small request to a large annex over a slow line, seconds. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];

/** A registry of its own (nothing global), with the figures of the process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'relais_soap_request_seconds', help: 'SOAP requests by operation and outcome', buckets: DURATIONS,
    labelNames: ['authority', 'operation', 'outcome'], registers,
  });
  const accepted = new Counter({ name: 'relais_items_accepted_total', help: 'Items accepted', labelNames: ['authority', 'source'], registers });
  const deliveries = new Counter({
    name: 'relais_delivery_transitions_total', help: 'Deliveries that reached a state', labelNames: ['authority', 'connector', 'state'], registers,
  });
  return {
    request: (labels, seconds) => requests.observe(labels, seconds),
    itemAccepted: (labels) => accepted.inc(labels),
    delivery: (labels) => deliveries.inc(labels),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
