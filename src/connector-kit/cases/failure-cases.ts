import assert from 'node:assert/strict';
import { isFailure } from '../../connector-api/failures.js';
import type { ConformanceCase } from '../conformance-case.js';
import { everythingIn } from '../recording-logger.js';
import { BEHAVIOURS, THROTTLE_SECONDS, type Behaviour } from '../rehearsal.js';
import { requireFailure, type Stage } from '../stage.js';

/** How long a call hangs before it is told to stop, milliseconds; and where it hangs before the mark. */
const HANG_MS = 200;
const HANG_BEFORE_MARK_MS = 3_000;

/** What goes wrong, and how a connector tells it. */
export const failureCases: readonly ConformanceCase[] = [
  {
    name: 'refused by the other side',
    needs: ['refuses'],
    async run({ submission, submit, other }) {
      await other.behave('refuses');
      await requireFailure(submit(submission()), 'refused');
      assert.deepEqual(await other.delivered(), []);
    },
  },
  {
    name: 'the other side is down: nothing was sent, a probe does not claim absence, and it is delivered later',
    needs: ['down'],
    async run({ connector, settings, context, submission, submit, other, arrived }) {
      const sent = submission();
      await other.behave('down');
      await requireFailure(submit(sent), 'not-sent', 'misconfigured');
      await assert.rejects(connector.check(settings, context()), 'check accepts another side that is down');
      const probed = await connector.probe(sent, settings, context()).catch(() => 'failed');
      assert.notEqual(probed, 'absent', 'nobody was there to prove it');

      await other.behave('well');
      await submit(sent);
      assert.deepEqual(await arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'throttled: nothing was sent, and it is delivered later',
    needs: ['throttles'],
    async run({ submission, submit, other, arrived }) {
      const sent = submission();
      await other.behave('throttles');
      await requireFailure(submit(sent), 'not-sent');
      assert.deepEqual(await arrived(), []);

      await other.behave('well');
      await submit(sent);
      assert.deepEqual(await arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'throttled: says how long to wait',
    needs: ['throttles', 'retry-after'],
    async run({ submission, submit, other }) {
      await other.behave('throttles');
      const failure = await requireFailure(submit(submission()), 'not-sent');
      assert.equal('retryAfterMs' in failure ? failure.retryAfterMs : undefined, THROTTLE_SECONDS * 1000);
    },
  },
  {
    name: 'no answer comes: ends when it is told to, and does not claim to know',
    needs: ['hangs'],
    async run({ connector, settings, context, submission, submit, other, arrived }) {
      const sent = submission();
      const stop = new AbortController();
      const told = new Error('it took too long');
      const mark = { asked: false };
      const timers = [setTimeout(() => stop.abort(told), HANG_BEFORE_MARK_MS)];
      const markSent = () => { mark.asked = true; timers.push(setTimeout(() => stop.abort(told), HANG_MS)); return Promise.resolve(); };
      await other.behave('hangs');
      const error = await submit(sent, { signal: stop.signal, markSent }).then(() => undefined, (thrown: unknown) => thrown);
      timers.forEach(clearTimeout);
      assert.ok(error !== undefined, 'submit succeeded without an answer');
      if (mark.asked && isFailure(error)) assert.equal(error.kind, 'outcome-unknown', error.message);

      await other.behave('well');
      if (await connector.probe(sent, settings, context()) !== 'absent') return;
      await submit(sent);
      assert.deepEqual(await arrived(), [sent.item.uid]);
    },
  },
  {
    name: 'secrets are absent from logs, messages and causes',
    needs: ['secrets'],
    async run(stage) {
      const said = [await outcomeOf(stage.submit(stage.submission()))];
      if (stage.brokenSettings !== undefined) {
        said.push(await outcomeOf(stage.connector.check(stage.brokenSettings, stage.context())));
        said.push(await outcomeOf(stage.submit(stage.submission(), {}, stage.brokenSettings)));
      }
      for (const how of BEHAVIOURS.filter((one) => goesWrong(one, stage))) {
        await stage.other.behave(how);
        said.push(await outcomeOf(stage.submit(stage.submission())), await outcomeOf(stage.connector.check(stage.settings, stage.context())));
        await stage.other.behave('well');
      }
      const text = withDecodedBase64(stage.logger.text() + said.join('\n'));
      for (const [index, secret] of stage.other.secrets.entries()) {
        const at = text.indexOf(secret);
        assert.equal(at, -1, `secret ${index + 1} of the other side is told after «${text.slice(Math.max(0, at - 80), at)}»`);
      }
    },
  },
];

function goesWrong(how: Behaviour, { rehearsal }: Stage): boolean {
  return how !== 'well' && how !== 'hangs' && rehearsal.skips[how] === undefined;
}

/** All that comes out of a call. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return everythingIn(await work.catch((error: unknown) => error));
}

/** With what is hidden in it only by base64, as HTTP does with passwords. */
function withDecodedBase64(text: string): string {
  return [text, ...(text.match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? []).map((word) => Buffer.from(word, 'base64').toString('latin1'))].join('\n');
}
