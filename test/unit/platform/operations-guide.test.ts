import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { createMetrics } from '../../../src/platform/metrics.js';

describe('docs/operations.md', () => {
  it('names the metrics that there are and no others', async () => {
    const guide = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
    const table = [...guide.matchAll(/^\| (`relais_.*?) \|/gm)].map(([, cell]) => cell).join();
    const documented = [...table.matchAll(/`(relais_\w+)/g)].map(([, name]) => name);
    const metrics = createMetrics({ store: () => Promise.reject(new Error('not asked for figures')), inFlight: () => 0, certificates: () => [] });
    const existing = [...(await metrics.text()).matchAll(/^# HELP (relais_\w+)/gm)].map(([, name]) => name);
    expect(documented.toSorted()).to.deep.equal(existing.toSorted());
  });
});
