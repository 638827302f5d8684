import { expect } from 'chai';
import type { FieldSource } from '../../../src/domain/mapping.js';
import { chooseFlow } from '../../../src/routing/choose-flow.js';
import { viewOfItem } from '../../../src/routing/item-view.js';
import { mapFields } from '../../../src/routing/map-fields.js';
import { NOTHING_AROUND, sampleFlow, sampleTable, target } from '../../support/sample-route.js';
import { newItem } from '../../support/temp-store.js';

describe('a configuration of 500 flows and 5,000 rows', () => {
  const flows = Array.from({ length: 500 }, (_, n) => sampleFlow({ id: `flow-${n}`, when: { kind: ['deliberation'], condition: `category = "category-${n}" and $count(annexes) = 0` } }));
  const services = sampleTable('services', Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`service-${n}`, `S${n}`])));
  const sources: Record<string, FieldSource> = { name: { expression: 'title & " (" & kind & ")"' }, service: { table: 'services', from: 'proposingOrganisation' } };
  const context = { tables: new Map([['services', services]]), source: 'ged', connector: 'sign', targetFields: { name: target('text', { maxLength: 10 }), service: target('text') } };
  const item = newItem({ category: 'category-499', proposingOrganisation: 'service-4999' });

  it('routes and maps an item in less than a millisecond', async () => {
    const times: number[] = [];
    for (let n = 0; n < 300; n += 1) {
      const began = performance.now();
      const { flow } = await chooseFlow(flows, item, NOTHING_AROUND);
      const mapped = await mapFields(sources, viewOfItem(item, NOTHING_AROUND), context);
      times.push(performance.now() - began);
      expect(flow?.id).to.equal('flow-499');
      expect(mapped).to.have.nested.property('fields.service', 'S4999');
    }
    expect(times.toSorted((a, b) => a - b)[150], 'median milliseconds').to.be.lessThan(1);
  });
});
