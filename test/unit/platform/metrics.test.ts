import { expect } from 'chai';
import { createMetrics } from '../../../src/platform/metrics.js';

describe('createMetrics', () => {
  it('counts requests, items and deliveries by their labels', async () => {
    const metrics = createMetrics();
    metrics.request({ authority: 'default', operation: 'createItem', outcome: 'ok' }, 0.02);
    metrics.request({ authority: 'default', operation: 'createItem', outcome: 'RELAIS_WS4PM_TITLE' }, 0.001);
    metrics.itemAccepted({ authority: 'default', source: 'ged' });
    metrics.itemAccepted({ authority: 'default', source: 'ged' });
    metrics.delivery({ authority: 'default', connector: 'outbox', state: 'done' });
    const text = await metrics.text();
    expect(text).to.include('relais_soap_request_seconds_count{authority="default",operation="createItem",outcome="ok"} 1');
    expect(text).to.include('relais_soap_request_seconds_bucket{le="0.01",authority="default",operation="createItem",outcome="ok"} 0');
    expect(text).to.include('relais_soap_request_seconds_bucket{le="0.025",authority="default",operation="createItem",outcome="ok"} 1');
    expect(text).to.include('outcome="RELAIS_WS4PM_TITLE"} 1');
    expect(text).to.include('relais_items_accepted_total{authority="default",source="ged"} 2');
    expect(text).to.include('relais_delivery_transitions_total{authority="default",connector="outbox",state="done"} 1');
    expect(text).to.include('process_resident_memory_bytes');
    expect(metrics.contentType).to.match(/^text\/plain/);
  });

  it('keeps two registries apart', async () => {
    const one = createMetrics();
    const other = createMetrics();
    one.itemAccepted({ authority: 'a', source: 's' });
    expect(await other.text()).to.not.include('authority="a"');
  });
});
