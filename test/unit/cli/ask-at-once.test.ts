import { expect } from 'chai';
import { askAtOnce } from '../../../src/cli/ask-at-once.js';
import type { DeliveryFilter, DeliveryOperations, DeliverySummary } from '../../../src/delivery/operations.js';
import { sampleDelivery } from '../../support/sample-delivery.js';

const FILTER: DeliveryFilter = { state: ['sent'] };

function summary(id: string, connector: string, remoteReference: string | null): DeliverySummary {
  return { ...sampleDelivery({ id, connector, remoteReference, state: 'sent' }), itemTitle: id };
}

/** Lists two at a time, and notes what is asked. */
function ledgerOf(rows: readonly DeliverySummary[]): { readonly operations: DeliveryOperations; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const operations: Partial<DeliveryOperations> = {
    list(authority, filter, { afterId }) {
      expect([authority, filter]).to.deep.equal(['ville', FILTER]);
      const from = afterId === undefined ? 0 : rows.findIndex(({ id }) => id === afterId) + 1;
      return Promise.resolve(rows.slice(from, from + 2));
    },
    askNow(_authority, connector, references) {
      asked.push([connector, references]);
      return Promise.resolve(references.length);
    },
  };
  return { operations: operations as DeliveryOperations, asked };
}

describe('askAtOnce', () => {
  it('asks once a connector, about each reference once, over all pages', async () => {
    const rows = [summary('a', 'book', 'F1'), summary('b', 'session', 'S1'), summary('c', 'session', 'S1'), summary('d', 'book', null), summary('e', 'book', 'F2')];
    const { operations, asked } = ledgerOf(rows);
    expect(await askAtOnce(operations, 'ville', FILTER)).to.equal(3);
    expect(asked).to.deep.equal([['book', ['F1', 'F2']], ['session', ['S1']]]);
  });

  it('asks nobody where nothing is sent', async () => {
    const { operations, asked } = ledgerOf([]);
    expect(await askAtOnce(operations, 'ville', FILTER)).to.equal(0);
    expect(asked).to.deep.equal([]);
  });
});
