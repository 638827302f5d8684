import { expect } from 'chai';
import { Misconfigured, OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import { hideSecrets } from '../../../src/delivery/hide-secrets.js';
import { NOTHING_BROUGHT_BACK } from '../../../src/delivery/store.js';
import { createSecretScrubber } from '../../../src/platform/secret-scrubber.js';
import { engineRig } from '../../support/engine-rig.js';
import { until } from '../../support/fake-time.js';
import { sampleItem } from '../../support/sample-item.js';

const SECRET = 'correct horse battery';

describe('what the other side says', () => {
  const scrubber = createSecretScrubber();
  scrubber.register(SECRET);
  const hide = (text: string): string => scrubber.scrub(text);

  for (const failure of [new Refused(`it answered 400: bad token ${SECRET}`), new OutcomeUnknown(`it answered 500: ${SECRET}`), new Misconfigured(`it answered 401: Basic ${Buffer.from(`relais:${SECRET}`).toString('base64')}`)]) {
    it(`is kept without the secret that it repeats (${failure.kind})`, async () => {
      const { store, engine, delivered, logger } = engineRig({ submit: async (_submission, context) => {
        await context.markSent();
        throw failure;
      } }, { hide });
      const id = store.add(sampleItem());
      engine.start();
      await until(() => delivered.length === 1, 'an outcome');
      await engine.stop();

      const kept = JSON.stringify([store.row(id), store.outcomes, store.connector('out'), delivered[0]?.health, logger.lines]);
      expect(store.row(id).reason).to.include('it answered').and.to.include('[hidden]');
      expect(kept).to.not.include(SECRET).and.to.not.include(Buffer.from(`relais:${SECRET}`).toString('base64'));
    });
  }

  it('of a rejection stands in the history of the item without it, while references stay what they are', () => {
    const reviewState = { to: 'refused', action: 'relais_step_rejected', comment: `Step «sign» was rejected: not with ${SECRET}` };
    const { outcome } = hideSecrets({ state: 'rejected', reason: `not with ${SECRET}`, broughtBack: { ...NOTHING_BROUGHT_BACK, reviewState } }, { verdict: 'works' }, hide);
    const done = hideSecrets({ state: 'done', remoteReference: SECRET, broughtBack: NOTHING_BROUGHT_BACK }, { verdict: 'works' }, hide).outcome;

    expect(outcome).to.deep.equal({ state: 'rejected', reason: 'not with [hidden]', broughtBack: { ...NOTHING_BROUGHT_BACK, reviewState: { ...reviewState, comment: 'Step «sign» was rejected: not with [hidden]' } } });
    expect(done).to.have.property('remoteReference', SECRET);
  });

  it('does not get onto the item with a field', () => {
    const broughtBack = { ...NOTHING_BROUGHT_BACK, itemFields: { said: `not with ${SECRET}`, who: [SECRET], number: 7 } };
    const { outcome } = hideSecrets({ state: 'done', remoteReference: 'R', broughtBack }, { verdict: 'works' }, hide);

    expect(outcome).to.have.nested.property('broughtBack.itemFields').that.deep.equals({ said: 'not with [hidden]', who: ['[hidden]'], number: 7 });
  });

  it('is brought back without it, in texts and in lists', () => {
    const fields = { annotations: ['vu', `avec ${SECRET}`], note: SECRET, count: 2, seen: true, none: null };
    const { outcome } = hideSecrets({ state: 'done', remoteReference: 'R', broughtBack: { ...NOTHING_BROUGHT_BACK, fields } }, { verdict: 'works' }, hide);

    expect(outcome).to.have.deep.nested.property('broughtBack.fields', { annotations: ['vu', 'avec [hidden]'], note: '[hidden]', count: 2, seen: true, none: null });
  });
});
