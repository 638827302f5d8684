import { expect } from 'chai';
import { checkSteps } from '../../../src/config/check-steps.js';

describe('checkSteps', () => {
  /** Each step waits for the one behind it, and the last for the first. */
  function messagesOfCircle(length: number): string[] {
    const ids = Array.from({ length }, (_, index) => `s${index}`);
    const steps = ids.map((_, index) => ({ path: ['flows', 0, 'steps', index], value: { connector: 'out', after: [`s${(index + 1) % length}`] } }));
    const messages: string[] = [];
    checkSteps({ ids, steps }, { connectors: new Map([['out', undefined]]), hours: [], configs: [] }, (_path, message) => messages.push(message));
    return messages;
  }

  it('names a circle as what it is', () => {
    expect(messagesOfCircle(3)).to.have.length(2).and.to.satisfy((all: string[]) => all.every((one) => one.includes('expected no circle')));
  });

  it('does not search a list of absurd length for circles, and still finds each mistake', function () {
    this.timeout(5_000);
    expect(messagesOfCircle(3_000)).to.have.length(2_999).and.to.satisfy((all: string[]) => all.every((one) => one.includes('stands later in the list')));
  });
});
