import { expect } from 'chai';
import { createTraffic } from '../../../src/server/traffic.js';

function pending(): { readonly promise: Promise<void>; resolve(): void; reject(error: Error): void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
}

describe('traffic', () => {
  it('is quiet when nothing is under way', async () => {
    await createTraffic().quiet(60_000);
  });

  it('is quiet once the last request has ended, also when it failed', async () => {
    const traffic = createTraffic();
    const one = pending();
    const other = pending();
    const order: string[] = [];
    const requests = [traffic.during(one.promise), traffic.during(other.promise)];
    const quiet = traffic.quiet(60_000).then(() => order.push('quiet'));

    order.push('one ended');
    one.resolve();
    await requests[0];
    order.push('other ended');
    other.reject(new Error('cut'));
    await requests[1]!.catch(() => undefined);
    await quiet;

    expect(order).to.deep.equal(['one ended', 'other ended', 'quiet']);
  });

  it('does not wait for ever', async () => {
    const traffic = createTraffic();
    const endless = pending();
    void traffic.during(endless.promise);

    await traffic.quiet(5);

    endless.resolve();
  });
});
