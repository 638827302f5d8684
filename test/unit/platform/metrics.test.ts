import { expect } from 'chai';
import { Registry } from 'prom-client';
import { createMetrics } from '../../../src/platform/metrics.js';
import { addStoreGauges, type StoreFigures } from '../../../src/platform/store-figures.js';

const figures: StoreFigures = {
  deliveries: [{ authority: 'ville', connector: 'ged', state: 'ready', count: 12, oldestSeconds: 60 }],
  connectors: [{ authority: 'ville', connector: 'ged', isOpen: true, isHeld: false }],
  journals: [{ authority: 'ville', unsealed: 7, unsealedSeconds: 8, unstamped: 1, unstampedSeconds: 9 }],
  incidents: [{ authority: 'ville', kind: 'breaker', count: 1 }],
};

describe('createMetrics', () => {
  it('counts requests, items and deliveries by their labels', async () => {
    const metrics = createMetrics();
    metrics.request({ authority: 'default', operation: 'createItem', outcome: 'ok' }, 0.02);
    metrics.request({ authority: 'default', operation: 'createItem', outcome: 'RELAIS_WS4PM_TITLE' }, 0.001);
    metrics.itemAccepted({ authority: 'default', source: 'ged' });
    metrics.itemAccepted({ authority: 'default', source: 'ged' });
    metrics.attempt({ authority: 'default', connector: 'outbox', outcome: 'done' }, 0.02);
    metrics.delivered({ authority: 'default', connector: 'outbox' }, 42);
    metrics.incidentMail({ authority: 'default', outcome: 'failed' });
    const text = await metrics.text();
    expect(text).to.include('relais_soap_request_seconds_count{authority="default",operation="createItem",outcome="ok"} 1');
    expect(text).to.include('relais_soap_request_seconds_bucket{le="0.01",authority="default",operation="createItem",outcome="ok"} 0');
    expect(text).to.include('relais_soap_request_seconds_bucket{le="0.025",authority="default",operation="createItem",outcome="ok"} 1');
    expect(text).to.include('outcome="RELAIS_WS4PM_TITLE"} 1');
    expect(text).to.include('relais_items_accepted_total{authority="default",source="ged"} 2');
    expect(text).to.include('relais_delivery_attempts_total{authority="default",connector="outbox",outcome="done"} 1');
    expect(text).to.include('relais_delivery_attempt_seconds_bucket{le="0.025",authority="default",connector="outbox"} 1');
    expect(text).to.include('relais_delivery_done_seconds_bucket{le="30",authority="default",connector="outbox"} 0');
    expect(text).to.include('relais_delivery_done_seconds_bucket{le="60",authority="default",connector="outbox"} 1');
    expect(text).to.include('relais_incident_mails_total{authority="default",outcome="failed"} 1');
    expect(text).to.include('process_resident_memory_bytes');
    expect(metrics.contentType).to.match(/^text\/plain/);
  });

  it('keeps two registries apart', async () => {
    const one = createMetrics();
    const other = createMetrics();
    one.itemAccepted({ authority: 'a', source: 's' });
    expect(await other.text()).to.not.include('authority="a"');
  });

  it('fills gauges from the store, with one look for all who read within some seconds', async () => {
    let looks = 0;
    const metrics = createMetrics({ store: () => { looks += 1; return Promise.resolve(figures); }, inFlight: () => 3 });
    const [text] = await Promise.all([metrics.text(), metrics.text()]);
    await metrics.text();
    expect(looks).to.equal(1);
    expect(text).to.include('relais_deliveries{authority="ville",connector="ged",state="ready"} 12');
    expect(text).to.include('relais_deliveries_oldest_seconds{authority="ville",connector="ged",state="ready"} 60');
    expect(text).to.include('relais_connector_breaker_open{authority="ville",connector="ged"} 1');
    expect(text).to.include('relais_connector_hold{authority="ville",connector="ged"} 0');
    expect(text).to.include('relais_journal_unsealed_entries{authority="ville"} 7');
    expect(text).to.include('relais_journal_unstamped_seconds{authority="ville"} 9');
    expect(text).to.include('relais_incidents{authority="ville",kind="breaker"} 1');
    expect(text).to.include('relais_deliveries_in_flight 3');
    expect(text).to.include('relais_store_up 1');
  });
});

describe('addStoreGauges', () => {
  it('shows nothing rather than zeros while the store does not answer, and forgets what is over', async () => {
    const answers: (() => Promise<StoreFigures>)[] = [() => Promise.resolve(figures), () => Promise.reject(new Error('away')), () => Promise.resolve({ ...figures, deliveries: [] })];
    let at = 0;
    const registry = new Registry();
    addStoreGauges(registry, () => answers.shift()!(), () => at);
    expect(await registry.metrics()).to.include('relais_deliveries{');
    at += 5_001;
    const away = await registry.metrics();
    expect(away).to.include('relais_store_up 0').and.not.include('ville');
    at += 5_001;
    expect(await registry.metrics()).to.include('relais_store_up 1').and.include('relais_connector_hold{').and.not.include('relais_deliveries{');
  });

  it('looks less often when looking takes long', async () => {
    let looks = 0;
    let at = 0;
    const registry = new Registry();
    addStoreGauges(registry, () => { looks += 1; at += 1_000; return Promise.resolve(figures); }, () => at);
    await registry.metrics();
    at += 90_000;
    await registry.metrics();
    expect(looks).to.equal(1);
    at += 20_000;
    await registry.metrics();
    expect(looks).to.equal(2);
  });
});
