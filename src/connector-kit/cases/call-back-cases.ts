import assert from 'node:assert/strict';
import type { CallBack } from '../../connector-api/connector.js';
import type { ConformanceCase } from '../conformance-case.js';
import type { Stage, Subject } from '../stage.js';
import { handOverOne } from './answering.js';

/** Calls of the other side. */
export const callBackCases: readonly ConformanceCase[] = [
  {
    name: 'call back: names what it is about',
    unpromised: unlessCalledBack,
    async run(stage) {
      const { call, reference } = await calledBack(stage);
      const received = receive(stage, call);
      assert.ok(typeof received === 'object', `the call of the other side is «${typeof received === 'string' ? received : ''}»`);
      assert.ok(received.references.includes(reference), `it names ${received.references.join(', ')}, expected ${reference}`);
    },
  },
  {
    name: 'call back: of somebody else it is not authentic, whatever it says',
    unpromised: unlessCalledBack,
    async run(stage) {
      const { call } = await calledBack(stage);
      for (const token of ['', 'x'.repeat(call.token.length), `${call.token}x`]) {
        for (const body of [call.body, Buffer.alloc(0)]) assert.equal(receive(stage, { token, headers: {}, body }), 'not-authentic');
      }
    },
  },
  {
    name: 'call back: a body that makes no sense throws nothing',
    unpromised: unlessCalledBack,
    async run(stage) {
      const { call } = await calledBack(stage);
      // What it says of them is its own affair: the token may say all that there is to say.
      for (const body of [Buffer.from('{"'), Buffer.from([0xFF, 0xFE, 0x00]), Buffer.alloc(64 * 1024, '[')]) assert.doesNotThrow(() => receive(stage, { ...call, body }));
    },
  },
];

function unlessCalledBack({ connector }: Subject): string | null {
  return connector.receive === undefined ? 'the other side does not call back' : null;
}

async function calledBack(stage: Stage): Promise<{ call: CallBack; reference: string }> {
  const { sent, receipt } = await handOverOne(stage);
  assert.ok(stage.other.callBack !== undefined, 'the other side of a connector with receive needs callBack()');
  return { call: await stage.other.callBack(sent.item.uid), reference: receipt.reference };
}

function receive({ connector, settings }: Stage, call: CallBack): ReturnType<NonNullable<typeof connector.receive>> {
  assert.ok(connector.receive !== undefined);
  return connector.receive(call, settings);
}
