import { expect } from 'chai';
import { connectors } from '../../connectors/index.js';
import { rehearsals } from '../../connectors/rehearsals.js';
import { CASE_MS, planConformance } from '../../src/connector-kit/conformance.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';

const loaded = new Map(await Promise.all([...rehearsals].map(async ([id, load]) => [id, await load()] as const)));

describe('connectors', () => {
  const outbound = createOutboundHttp();
  after(() => outbound.close());

  it('each one of the registry is rehearsed', () => {
    expect([...rehearsals.keys()].toSorted()).to.deep.equal([...connectors.keys()].toSorted());
  });

  for (const [id, connector] of connectors) {
    for (const { title, cases } of planConformance(connector, loaded.get(id) ?? [])) {
      describe(title, () => {
        for (const { name, skip, run } of cases) {
          // One that cannot happen is listed as pending, with the reason in its name.
          if (skip !== null) it(`${name} (not here: ${skip})`);
          else it(name, () => run({ http: (signal) => outbound.callFor(signal) })).timeout(CASE_MS + 5_000);
        }
      });
    }
  }
});
