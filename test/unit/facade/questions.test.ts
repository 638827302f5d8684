import { expect } from 'chai';
import { fakeTime, turns } from '../../support/fake-time.js';
import { createQuestions, type Questions } from '../../../src/facade/questions.js';

const logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined, child: () => logger };

function rig(): { readonly questions: Questions; readonly time: ReturnType<typeof fakeTime> } {
  const time = fakeTime();
  return { time, questions: createQuestions({ clock: time, timer: time, logger }) };
}

describe('facade: questions', () => {
  it('beyond those that wait, nobody is kept waiting', async () => {
    const { questions, time } = rig();
    const never = (): Promise<never> => new Promise(() => undefined);
    const waiting = Array.from({ length: 508 }, (_, n) => questions.ask(`q${n}`, 1_000, never));
    expect(await questions.ask('one more', 1_000, never)).to.equal('slow');
    await time.advance(1_000);
    expect(new Set(await Promise.all(waiting))).to.deep.equal(new Set(['slow']));
    questions.stop();
    await turns(5);
    expect(time.pending()).to.equal(0);
  });

  it('a question that one caller gave up is asked for the other', async () => {
    const { questions, time } = rig();
    const release: (() => void)[] = [];
    const blocked = Array.from({ length: 8 }, (_, n) => questions.ask(`b${n}`, 10_000, () => new Promise<string>((resolve) => { release.push(() => { resolve('b'); }); })));
    const impatient = questions.ask('same', 10, () => Promise.resolve('answer'));
    const patient = questions.ask('same', 10_000, () => Promise.reject(new Error('the first question is the one that counts')));
    await time.advance(10);
    expect(await impatient).to.equal('slow');
    release.forEach((go) => { go(); });
    expect(await patient).to.deep.include({ answer: 'answer' });
    await Promise.all(blocked);
    expect(time.pending()).to.equal(0);
  });

  it('stopping answers those who wait', async () => {
    const { questions } = rig();
    const begun = Array.from({ length: 10 }, (_, n) => questions.askAlone(null, (signal) => new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => { reject(new Error(`question ${n} ends`)); });
    })));
    await turns(2);
    questions.stop();
    expect(new Set(await Promise.all(begun))).to.deep.equal(new Set(['away']));
  });
});
