import { expect } from 'chai';
import type { ForwardingAnswer } from '../../../src/deliberation/create-item/await-forwarding.js';
import type { ConfigBackend } from '../../../src/domain/meeting-config.js';
import { creating, staged } from '../../support/creating.js';
import { DEVELOPERS, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';
import { rejection } from '../../support/temp-store.js';

function backed(forward: ConfigBackend['forward']) {
  const backend: ConfigBackend = { connector: 'pm', forward, directWaitMs: 20_000, freshForMs: 30_000, readTimeoutMs: 4_000, fields: {} };
  return withConfig(sampleAuthority(), PLAIN, { backend });
}

/** createItem for a config that is forwarded to directly; the system behind answers so, one call after the other. */
function direct(...answers: ForwardingAnswer[]) {
  const asked: (readonly [uid: string, withinMs: number])[] = [];
  const gateway = creating(backed('direct'), (uid, withinMs) => {
    asked.push([uid, withinMs]);
    return Promise.resolve(answers.shift() ?? { came: 'not-yet' });
  });
  return { gateway, asked };
}

const REACHED: ForwardingAnswer = { came: 'reached', warnings: [] };

describe('ws4pm createItem with a system behind the meeting config', () => {
  it('keeps the transitions that were asked, and does not speak for those that only that system knows', async () => {
    const gateway = creating(backed('later'));
    const { warnings } = await gateway.create({}, { wfTransitions: ['propose', 'proposeToDirector', 'validate', 'accept'] });
    expect(gateway.item().askedTransitions).to.deep.equal(['propose', 'proposeToDirector', 'validate', 'accept']);
    expect([gateway.item().reviewState, warnings]).to.deep.equal(['validated', []]);
    const known = await gateway.create({}, { wfTransitions: ['accept', 'proposeToDirector'] });
    expect(known['warnings'], 'what it knows is warned of as ever').to.have.length(1);
    const embedded = creating();
    await embedded.create({}, { wfTransitions: ['propose'] });
    expect(embedded.item(), 'decided on here').to.not.have.property('askedTransitions');
  });

  it('later: answers at once, and warns of a repeat that made a second item', async () => {
    const gateway = creating(backed('later'), () => Promise.reject(new Error('nobody waits')));
    const { UID: first } = await gateway.create({ externalIdentifier: 'GED-1' });
    const { UID: second, warnings } = await gateway.create({ externalIdentifier: 'GED-1' });
    expect(second).to.not.equal(first);
    expect(warnings).to.have.length(1).and.to.have.nested.property('[0]').that.includes(first);
  });

  it('direct: answers the UID with what that system says, in place of what was expected of it', async () => {
    const { gateway, asked } = direct({ came: 'reached', warnings: ['The transition "accept" was not carried out.'] });
    const answer = await gateway.create({}, { wfTransitions: ['accept'] });
    expect(answer).to.deep.equal({ UID: gateway.item().uid, warnings: ['The transition "accept" was not carried out.'] });
    expect(asked).to.deep.equal([[gateway.item().uid, 20_000]]);
  });

  it('direct: is refused with its words', async () => {
    const { gateway } = direct({ came: 'refused', reason: 'No such category.' }, REACHED);
    expect(await rejection(gateway.create({ externalIdentifier: 'GED-1' }))).to.include({ code: 'RELAIS_WS4PM_UPSTREAM', message: 'The item was refused, and nothing was created: No such category.' });
  });

  it('direct: without an answer in time the item is kept, and the caller is told', async () => {
    const { gateway } = direct({ came: 'not-yet' });
    const { UID, warnings } = await gateway.create({ externalIdentifier: 'GED-1' });
    expect(UID).to.equal(gateway.item().uid);
    expect(warnings).to.have.length(1).and.to.have.nested.property('[0]').that.includes('is kept').and.includes(PLAIN);
  });

  it('direct: a repeat of the same call is answered with the item that is there', async () => {
    const { gateway, asked } = direct({ came: 'not-yet' }, REACHED);
    const annexes = [{ title: 'Plan', filename: 'plan.pdf', file: staged('%PDF-1.4') }];
    const { UID: first } = await gateway.create({ externalIdentifier: 'GED-1', annexes });
    gateway.time += 9 * 60_000;
    const { UID: second, warnings } = await gateway.create({ externalIdentifier: 'GED-1', annexes });
    expect([second, gateway.intake.submissions.length]).to.deep.equal([first, 1]);
    expect(asked.map(([uid]) => uid)).to.deep.equal([first, first]);
    expect(warnings).to.have.length(1).and.to.have.nested.property('[0]').that.includes('came before');
  });

  it('direct: another text, file or identifier, none at all, or the same much later, is another item', async () => {
    const { gateway } = direct();
    const create = (change: Readonly<Record<string, unknown>>) => gateway.create({ externalIdentifier: 'GED-1', ...change });
    await create({});
    await create({ decision: '<p>Autre</p>' });
    await create({ annexes: [{ title: 'Plan', filename: 'plan.pdf', file: staged('%PDF-1.4') }] });
    await create({ externalIdentifier: 'GED-2' });
    for (let n = 0; n < 2; n += 1) await create({ externalIdentifier: undefined });
    gateway.time += 20 * 60_000;
    await create({});
    expect(gateway.intake.submissions).to.have.length(7);
  });

  it('knows an organisation by every uid that it has, and keeps its own', async () => {
    const authority = backed('later');
    const organisations = authority.organisations.map((one) => ({ ...one, otherUids: [`${one.id}-over-there`] }));
    const gateway = creating({ ...authority, organisations });
    await gateway.create({}, { proposingGroupId: 'developers-over-there' });
    expect(gateway.item().proposingOrganisation).to.equal(DEVELOPERS);
    const associating = creating({ ...withConfig(authority, PLAIN, { usedAttributes: new Set(['associatedGroups']), orderedAssociatedOrganisations: ['vendors-over-there'] }), organisations });
    await associating.create({ associatedGroups: ['vendors-over-there'] });
    expect(associating.item().associatedOrganisations).to.deep.equal([VENDORS]);
  });
});
