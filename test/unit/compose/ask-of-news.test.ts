import { expect } from 'chai';
import { askOfNews } from '../../../src/compose/ask-of-news.js';
import type { DeliveryFilter } from '../../../src/delivery/operations.js';
import type { DeliveryState } from '../../../src/domain/delivery.js';
import { fakeTime } from '../../support/fake-time.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { sampleDelivery } from '../../support/sample-delivery.js';

describe('news of a simulated other side', () => {
  function rig(states: Record<string, DeliveryState>) {
    const time = fakeTime();
    const logger = recordingLogger();
    const asked: string[][] = [];
    let woken = 0;
    const meant = ({ ids, state = [] }: DeliveryFilter) => Object.keys(states).filter((id) => (ids?.includes(id) ?? true) && state.includes(states[id]!));
    const operations = {
      list: (_authority: string, filter: DeliveryFilter) => Promise.resolve(meant(filter).map((id) => ({ ...sampleDelivery({ id }), itemTitle: '' }))),
      ask(_authority: string, filter: DeliveryFilter) {
        asked.push(meant(filter));
        return Promise.resolve(meant(filter).length);
      },
    };
    const hurried: unknown[] = [];
    const news = askOfNews({ store: { operations }, wakeEngine: () => { woken += 1; }, logger }, { hurry: (about) => { hurried.push(about); } }, time);
    return { time, logger, asked, hurried, news, states, woken: () => woken };
  }

  it('what was sent is asked about at once, and what waits there is collected', async () => {
    const { news, time, asked, hurried, woken } = rig({ a: 'sent', b: 'done' });
    news.tell('default', 'tdt');
    await time.advance(0);
    expect(asked).to.deep.equal([['a']]);
    expect(hurried).to.deep.equal([{ authority: 'default', connector: 'tdt' }]);
    expect([woken(), time.pending()]).to.deep.equal([1, 0]);
  });

  it('what is being handed over is asked about once it is sent, and once', async () => {
    const { news, time, asked, states, woken } = rig({ a: 'sending', b: 'sending' });
    news.tell('default', 'tdt');
    await time.advance(3_000);
    expect(asked.flat()).to.deep.equal([]);
    states['a'] = 'sent';
    await time.advance(1_000);
    expect(asked.flat()).to.deep.equal(['a']);
    states['b'] = 'parked';
    await time.advance(60_000);
    expect(asked.flat()).to.deep.equal(['a']);
    expect([woken(), time.pending()]).to.deep.equal([1, 0]);
  });

  it('is given up after a minute, and when Relais stops', async () => {
    const { news, time, asked, states } = rig({ a: 'sending' });
    news.tell('default', 'tdt');
    await time.advance(61_000);
    expect(time.pending()).to.equal(0);
    news.tell('default', 'tdt');
    await time.advance(1_000);
    news.stop();
    states['a'] = 'sent';
    await time.advance(60_000);
    expect([asked.flat(), time.pending()]).to.deep.equal([[], 0]);
  });
});
