import { expect } from 'chai';
import { chooseTransition } from '../../../src/cli/choose-transition.js';
import { defaultWorkflow } from '../../../src/config/default-workflow.js';
import { RelaisError } from '../../../src/errors.js';
import { NOW, PLAIN, sampleAuthority } from '../../support/sample-authority.js';

const plain = sampleAuthority().meetingConfigs.find(({ id }) => id === PLAIN)!;
const config = { ...plain, workflow: defaultWorkflow('fr') };
const toCome = config.meetings.filter(({ date, state }) => date > NOW && config.preferredMeetingStates.includes(state)).toSorted((one, other) => one.date - other.date);

function choose(reviewState: string, transition: string, more: { preferredMeeting?: string | null; meeting?: string; inMeeting?: string } = {}): ReturnType<typeof chooseTransition> {
  const { preferredMeeting = null, meeting, inMeeting = null } = more;
  return chooseTransition(config, { reviewState, preferredMeeting, meeting: inMeeting }, { transition, meeting, now: NOW });
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof RelaisError && error.code === 'RELAIS_ITEM_STATE') return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('chooseTransition', () => {
  it('follows the workflow from the state in which the item is', () => {
    expect(choose('itemcreated', 'propose')).to.deep.equal({ action: 'propose', from: 'itemcreated', to: 'proposed' });
    expect(choose('presented', 'accept', { inMeeting: 'm' })).to.deep.equal({ action: 'accept', from: 'presented', to: 'accepted' });
  });

  it('says what is possible instead', () => {
    expect(refusal(() => choose('proposed', 'valdate'))).to.equal('found the transition valdate for an item in state proposed, expected one of validate, backToItemCreated; did you mean validate?');
    expect(refusal(() => choose('accepted', 'propose'))).to.include('expected nothing (none is declared)');
  });

  it('puts an item into the meeting that is named, the preferred one, or the next', () => {
    expect(toCome.length).to.be.greaterThan(1);
    expect(choose('validated', 'present').meeting).to.equal(toCome[0]!.uid);
    expect(choose('validated', 'present', { preferredMeeting: toCome[1]!.uid }).meeting).to.equal(toCome[1]!.uid);
    expect(choose('validated', 'present', { preferredMeeting: toCome[1]!.uid, meeting: toCome[0]!.id }).meeting).to.equal(toCome[0]!.uid);
  });

  it('takes neither a meeting that is over nor one where none is asked for', () => {
    const past = config.meetings.find(({ date }) => date < NOW)!;
    expect(refusal(() => choose('validated', 'present', { meeting: past.uid }))).to.include(`found --meeting ${past.uid}, expected one of`);
    expect(refusal(() => choose('itemcreated', 'propose', { meeting: 'next' }))).to.include('puts no item into a meeting');
  });

  it('takes an item out of its meeting when it goes back to where items wait for one', () => {
    expect(choose('presented', 'backToValidated', { inMeeting: 'm' })).to.include({ to: 'validated', meeting: null });
  });
});
