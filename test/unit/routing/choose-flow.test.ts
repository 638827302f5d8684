import { expect } from 'chai';
import type { Flow, FlowRule } from '../../../src/domain/flow.js';
import type { NewItem } from '../../../src/domain/item.js';
import type { Organisation } from '../../../src/domain/organisation.js';
import { chooseFlow } from '../../../src/routing/choose-flow.js';
import { NOTHING_AROUND, sampleFlow } from '../../support/sample-route.js';

const item: NewItem = {
  uid: 'a'.repeat(32), authority: 'default', kind: 'deliberation', source: 'ged', configId: 'meeting-config-college', baseId: 'voirie',
  creator: 'jdupont', createdAt: 0, modifiedAt: 0, reviewState: 'itemcreated', proposingOrganisation: 'b'.repeat(32), title: 'Réfection de la rue Haute',
  category: 'travaux', description: '', detailedDescription: '', motivation: '', decision: '', preferredMeeting: null, meeting: null,
  externalIdentifier: 'letter-1', toDiscuss: false, associatedOrganisations: [], organisationsInCharge: [], optionalAdvisers: [], extra: { notes: '<p>x</p>' },
  annexes: [{
    uid: 'c', id: 'plan.pdf', title: 'Plan', typeId: 'annexe', relatedTo: 'item', filename: 'plan.pdf', mediaType: 'application/pdf',
    size: 1234, sha256: 'd'.repeat(64), confidential: false,
  }],
};

const organisations: Organisation[] = [{ uid: 'b'.repeat(32), id: 'urbanisme', title: 'Urbanisme', description: '', active: true, members: {} }];

const flow = (id: string, when: FlowRule): Flow => sampleFlow({ id, when });

describe('chooseFlow', () => {
  const table: [name: string, rule: FlowRule, matches: boolean][] = [
    ['an empty rule matches everything', {}, true],
    ['the source is one of the list', { source: ['urbanism', 'ged'] }, true],
    ['the source is not in the list', { source: ['urbanism'] }, false],
    ['an empty list matches nothing', { source: [] }, false],
    ['the kind', { kind: ['deliberation'] }, true],
    ['another kind', { kind: ['pes'] }, false],
    ['the meeting config', { meetingConfig: ['meeting-config-college'] }, true],
    ['members are joined by and', { source: ['ged'], meetingConfig: ['meeting-config-council'] }, false],
    ['a condition that holds', { condition: 'category = "travaux"' }, true],
    ['a condition that does not hold', { condition: 'category = "culture"' }, false],
    ['a condition and a member that fails', { source: ['urbanism'], condition: 'true' }, false],
    ['a member and a condition that fails', { source: ['ged'], condition: 'false' }, false],
    ['a condition on a field that is not there gives nothing, so no match', { condition: 'extra.unknown' }, false],
    ['a condition on annexes', { condition: '$count(annexes[mediaType = "application/pdf"]) > 0' }, true],
    ['a condition on accents and case', { condition: '$contains($lowercase(title), "réfection")' }, true],
    ['a condition names organisations by their id', { condition: 'proposingOrganisation = "urbanisme"' }, true],
    ['a condition on an extra field', { condition: 'extra.notes = "<p>x</p>"' }, true],
  ];
  for (const [name, rule, matches] of table) {
    it(name, async () => {
      const choice = await chooseFlow([flow('only', rule)], item, { ...NOTHING_AROUND, organisations });
      expect(choice).to.deep.equal({ flow: matches ? flow('only', rule) : null, problems: [] });
    });
  }

  it('takes the first flow that matches', async () => {
    const flows = [flow('other', { source: ['urbanism'] }), flow('doubtful', { condition: 'toDiscuss' }), flow('first', { kind: ['deliberation'] }), flow('second', {})];
    expect((await chooseFlow(flows, item, NOTHING_AROUND)).flow?.id).to.equal('first');
  });

  it('answers without a promise when no condition has to be asked', () => {
    const flows = [flow('urban', { source: ['urbanism'], condition: 'true' }), flow('all', {})];
    expect(chooseFlow(flows, item, NOTHING_AROUND)).to.deep.equal({ flow: flows[1], problems: [] });
    expect(chooseFlow([], item, NOTHING_AROUND)).to.deep.equal({ flow: null, problems: [] });
  });

  it('reports a condition that fails and goes on to the next flow', async () => {
    const flows = [
      flow('broken', { condition: '$number(title) > 3' }), flow('odd', { condition: 'title' }), flow('list', { condition: '[1, 2]' }),
      flow('null', { condition: 'meeting' }), flow('all', {}),
    ];
    const choice = await chooseFlow(flows, item, NOTHING_AROUND);
    expect(choice.flow?.id).to.equal('all');
    expect(choice.problems).to.have.length(4);
    expect(choice.problems[0]).to.match(/^flow broken: the condition could not be decided: .*number/);
    expect(choice.problems[1]).to.equal('flow odd: the condition could not be decided: it gives a text, expected true or false');
    expect(choice.problems[2]).to.match(/it gives a list/);
    expect(choice.problems[3]).to.match(/it gives null/);
  });

  it('stops a condition that never ends', async () => {
    const choice = await chooseFlow([flow('endless', { condition: '($f := function($n) { $f($n + 1) }; $f(0) = 1)' }), flow('all', {})], item, NOTHING_AROUND);
    expect(choice.flow?.id).to.equal('all');
    expect(choice.problems).to.have.length(1);
  });

  it('survives a condition that cannot be read, though the configuration check refuses it', async () => {
    const choice = await chooseFlow([flow('unread', { condition: 'title =' })], item, NOTHING_AROUND);
    expect(choice.flow).to.equal(null);
    expect(choice.problems[0]).to.match(/^flow unread: /);
  });

  it('keeps evaluations that run at the same time apart', async () => {
    const flows = [flow('travaux', { condition: 'category = "travaux"' }), flow('culture', { condition: 'category = "culture"' })];
    const choices = await Promise.all(Array.from({ length: 40 }, (_, index) =>
      Promise.resolve(chooseFlow(flows, { ...item, category: index % 2 === 0 ? 'travaux' : 'culture' }, NOTHING_AROUND))));
    expect(choices.map((choice) => choice.flow?.id)).to.deep.equal(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'travaux' : 'culture')));
  });
});
