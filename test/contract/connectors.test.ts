import { expect } from 'chai';
import { connectors } from '../../connectors/index.js';
import { describeConformance } from './conformance.js';
import { rehearsals } from './rehearsals.js';

describe('connectors', () => {
  it('each one of the registry has a rehearsal', () => {
    expect([...rehearsals.keys()].toSorted()).to.deep.equal([...connectors.keys()].toSorted());
  });

  for (const [id, connector] of connectors) {
    const rehearsal = rehearsals.get(id);
    if (rehearsal !== undefined) describe(id, () => describeConformance(connector, rehearsal));
  }
});
