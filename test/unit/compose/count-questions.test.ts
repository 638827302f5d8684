import { expect } from 'chai';
import { countQuestions, type CountedQuestion } from '../../../src/compose/count-questions.js';
import type { ConnectorContext } from '../../../src/connector-api/connector.js';
import type { CouncilItem, Deliberation } from '../../../src/connector-api/deliberation.js';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import { rejection } from '../../support/temp-store.js';

const context = {} as ConnectorContext;

/** A reading side that answers or throws the same to everything, and what was counted of it. */
function counted(answer: unknown) {
  const asked: unknown[][] = [];
  const found: CountedQuestion[] = [];
  const answered = (...question: unknown[]): Promise<never> => {
    asked.push(question);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
  };
  const deliberation: Deliberation<unknown> = {
    directory: answered, user: answered, item: answered, isLinked: answered, annexContent: answered, document: answered,
    async *search(...question) {
      asked.push(question);
      yield { uid: 'first' } as CouncilItem;
      if (answer instanceof Error) await Promise.reject(answer);
      yield { uid: 'second' } as CouncilItem;
    },
  };
  return { asked, found, deliberation: countQuestions(deliberation, (one) => { found.push(one); }) };
}

async function uids(items: AsyncIterable<CouncilItem>): Promise<string[]> {
  const all: string[] = [];
  for await (const { uid } of items) all.push(uid);
  return all;
}

describe('questions to a system behind, counted', () => {
  it('are asked as they are, answered as they are, and counted once each', async () => {
    const { asked, found, deliberation } = counted('unknown');
    expect(await deliberation.item('uid', 'jean', { url: 'x' }, context)).to.equal('unknown');
    await deliberation.directory(['college'], {}, context);
    await deliberation.user('jean', {}, context);
    await deliberation.isLinked('GED-1', null, {}, context);
    await deliberation.annexContent('place', null, {}, context);
    await deliberation.document('uid', 'template', null, {}, context);
    expect(asked[0]).to.deep.equal(['uid', 'jean', { url: 'x' }, context]);
    expect(found).to.deep.equal(['item', 'directory', 'user', 'isLinked', 'annexContent', 'document'].map((question) => ({ question, outcome: 'answered' })));
  });

  it('tell what a failure means, and pass it on', async () => {
    const outcomes = [
      [new NotSent('nobody there'), 'away'], [new OutcomeUnknown('cut'), 'away'], [new Error('a mistake'), 'away'],
      [new Refused('no'), 'refused'], [new Misconfigured('wrong password'), 'misconfigured'],
    ] as const;
    for (const [failure, outcome] of outcomes) {
      const { found, deliberation } = counted(failure);
      expect(await rejection(deliberation.user('jean', {}, context))).to.equal(failure);
      expect(found).to.deep.equal([{ question: 'user', outcome }]);
    }
  });

  it('count a search once it has ended: through, broken, or left by its reader', async () => {
    const through = counted('answered');
    expect(await uids(through.deliberation.search({}, null, {}, context))).to.deep.equal(['first', 'second']);
    expect(through.found).to.deep.equal([{ question: 'search', outcome: 'answered' }]);

    const broken = counted(new NotSent('gone in the middle'));
    expect(await rejection(uids(broken.deliberation.search({}, null, {}, context)))).to.be.instanceOf(NotSent);
    expect(broken.found).to.deep.equal([{ question: 'search', outcome: 'away' }]);

    const left = counted('answered');
    for await (const { uid } of left.deliberation.search({}, null, {}, context)) if (uid === 'first') break;
    expect(left.found).to.deep.equal([{ question: 'search', outcome: 'answered' }]);
  });
});
