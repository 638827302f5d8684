import { expect } from 'chai';
import { z } from 'zod';
import { sampleItem } from '../../../src/connector-kit/sample-item.js';
import { askedGroup, askedTransitions, givenAnnexes, mappedText } from '../../../src/plonemeeting/asked.js';
import { documentParts } from '../../../src/plonemeeting/decision-documents.js';
import { ownIdentifier, uidInOwn } from '../../../src/plonemeeting/own-identifier.js';
import { annexTypeThere, nameThere, ploneMeetingSettings } from '../../../src/plonemeeting/settings.js';

const settings = z.strictObject(ploneMeetingSettings);

describe('what both interfaces of PloneMeeting have in common', () => {
  it('a user is called as the settings say, and nobody is nobody', () => {
    const told = { login: 'relais', users: { dupont: 'jdupont', courrier: ' relais ', anonyme: '', secret: '  ' } };
    const names = [null, 'dupont', 'martin', 'courrier', 'anonyme', 'secret', 'relais', 'constructor'].map((user) => nameThere(user, told));
    expect(names).to.deep.equal([null, 'jdupont', 'martin', null, null, null, null, 'constructor']);
  });

  it('an annex type that nothing is said of is left to PloneMeeting', () => {
    expect(['plan', 'annexe', 'toString'].map((type) => annexTypeThere(type, { annexTypes: { plan: 'plans' } }))).to.deep.equal(['plans', undefined, undefined]);
  });

  it('the step has the last word, then the item', () => {
    const item = sampleItem(1, { askedTransitions: ['propose'] });
    expect(askedGroup({ item, fields: {} })).to.equal(item.proposingOrganisation);
    expect(askedGroup({ item, fields: { proposingGroup: '' } })).to.equal(item.proposingOrganisation);
    expect(askedGroup({ item, fields: { proposingGroup: 'travaux' } })).to.equal('travaux');
    expect(askedTransitions({ item, fields: {} })).to.deep.equal(['propose']);
    expect(askedTransitions({ item, fields: { transitions: [] } })).to.deep.equal([]);
    expect([mappedText({ fields: { category: null } }, 'category'), mappedText({ fields: { category: 12 } }, 'category')]).to.deep.equal([undefined, '12']);
  });

  it('what other steps brought back is not handed over', () => {
    const [annex] = [{ uid: 'a', id: 'a', title: '', typeId: '', relatedTo: 'item', filename: 'a.pdf', mediaType: 'application/pdf', size: 1, sha256: '', confidential: false } as const];
    expect(givenAnnexes({ item: sampleItem(1, { annexes: [annex, { ...annex, uid: 'b', role: 'signed-document' }] }) })).to.deep.equal([annex]);
  });

  it('an identifier of our own is known again, and no other is taken for it', () => {
    expect(uidInOwn(ownIdentifier('c0ffee'))).to.equal('c0ffee');
    expect(['c0ffee', 'GED relais-item:c0ffee', ''].map(uidInOwn)).to.deep.equal(Array.from({ length: 3 }));
  });

  it('a document is a template and a format', () => {
    const given = { login: 'relais', password: 'x' };
    const isTaken = (decisionDocument: string): boolean => settings.safeParse({ ...given, decisionDocument }).success;
    expect(['deliberation__format__pdf', 'pv_court__format__odt'].every(isTaken)).to.equal(true);
    expect(['deliberation', '__format__pdf', 'a__format__b__format__pdf', 'a b__format__pdf', 'a__format__'].some(isTaken)).to.equal(false);
    expect(documentParts('pv_court__format__odt')).to.deep.equal({ template: 'pv_court', format: 'odt' });
  });

  it('a login is one that Basic authentication can carry, and a time zone one that there is', () => {
    const messages = (change: object): readonly string[] => settings.safeParse({ login: 'relais', password: 'x', ...change }).error?.issues.map(({ path }) => path.join('.')) ?? [];
    expect([messages({}), messages({ login: 'a:b' }), messages({ timeZone: 'Europe/Bruges' })]).to.deep.equal([[], ['login'], ['timeZone']]);
  });
});
