import { expect } from 'chai';
import { changed, load as loadWith, problemsOf, SMALL, withCouncil } from './temporary-configuration.js';

const LINES = (text: string): string => text.split('\n').map((line) => `      ${line}\n`).join('');

/** The small town, whose college is decided on elsewhere. */
function backed(backend: string, rest = ''): string {
  return changed('title: Collège\n', `title: Collège\n${LINES(`backend: ${backend}`)}`).replace('  flows:\n', `    - {id: pm, type: council}\n${rest}  flows:\n`);
}

const load = (files: Record<string, string>) => loadWith(files, {}, undefined, withCouncil);

async function mistakes(text: string): Promise<string[]> {
  return (await problemsOf({ 'relais.yaml': text }, {}, withCouncil)).map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

describe('a system behind a meeting config', () => {
  it('is none where nothing is said', async () => {
    const { authorities: [town] } = await load({ 'relais.yaml': SMALL });
    expect(town!.authority.meetingConfigs[0]).to.not.have.property('backend');
    expect(town!.authority.sources).to.deep.equal(new Map());
  });

  it('has defaults, and the proposing organisation is mapped by its id', async () => {
    const { authorities: [town] } = await load({ 'relais.yaml': backed('{connector: pm}') });
    expect(town!.authority.meetingConfigs[0]!.backend).to.deep.equal({
      connector: 'pm', forward: 'later', directWaitMs: 20_000, freshForMs: 30_000, readTimeoutMs: 4_000, fields: { proposingGroup: { expression: 'proposingOrganisation' } },
    });
  });

  it('takes what is declared', async () => {
    const { authorities: [town] } = await load({
      'relais.yaml': backed('{connector: pm, forward: direct, directWait: 8 s, freshFor: 2 min, readTimeout: 500 ms, fields: {proposingGroup: "$uppercase(source)", ignoreNotUsedData: {value: false}}}'),
    });
    expect(town!.authority.meetingConfigs[0]!.backend).to.deep.equal({
      connector: 'pm', forward: 'direct', directWaitMs: 8_000, freshForMs: 120_000, readTimeoutMs: 500,
      fields: { proposingGroup: { expression: '$uppercase(source)' }, ignoreNotUsedData: { value: false } },
    });
  });

  it('must be a connector that decides on items', async () => {
    expect(await mistakes(backed('{connector: plonemeting}'))).to.deep.equal(['16 authority.meetingConfigs[0].backend.connector: found the unknown connector "plonemeting", expected one of outbox, pm']);
    expect((await mistakes(backed('{connector: outbox}')))[0]).to.include('backend.connector: found outbox, which is of a type that decides on no items, expected a connector of a type that does: council');
  });

  it('has its fields checked as those of a step', async () => {
    expect((await mistakes(backed('{connector: pm, fields: {proposingGrup: title}}')))[0]).to.include('proposingGrup').and.include('proposingGroup');
    expect((await mistakes(backed('{connector: pm, fields: {proposingGroup: "title &"}}')))[0]).to.include('backend.fields.proposingGroup');
    expect((await mistakes(backed('{connector: pm, fields: {proposingGroup: {table: nowhere, from: source}}}')))[0]).to.include('nowhere');
    expect((await mistakes(backed('{connector: pm, directWait: soon}')))[0]).to.include('a duration such as 30 s');
    // JSONata has a ${ of its own, which is no reference to a secret.
    expect(await mistakes(backed('{connector: pm, fields: {proposingGroup: "${env:NOT_SET}"}}'))).to.satisfy((found: string[]) => found.every((one) => !one.includes('NOT_SET is not set')));
  });

  it('leaves no step of a flow the id of the one that hands items over', async () => {
    expect((await mistakes(SMALL.replace('- connector: outbox', '- {id: forward, connector: outbox}')))[0]).to.include('steps[0].id: found the id forward, which the step that hands items to the system behind a meeting config has');
  });

  it('warns of steps that would change the state of its items, where a flow is for these alone', async () => {
    const flow = (when: string, backend = 'backend: {connector: pm}') => backed('{connector: pm}')
      .replace(/^ {2}flows:[^]*/m, `  flows:\n    - {id: a, when: ${when}, steps: [{connector: outbox, results: {done: accepted}}], onRejection: [{connector: outbox, results: {rejected: itemcreated}}]}\n`)
      .replace('backend: {connector: pm}', backend);
    const warned = async (text: string) => (await load({ 'relais.yaml': text })).warnings.map(({ path, message }) => `${path}: ${message}`);
    expect(await warned(flow('{meetingConfig: college}'))).to.deep.equal([
      'authority.flows[0].steps[0].results.done: found accepted, expected nothing: items of college have the state that the system behind tells, and no step changes it',
      'authority.flows[0].onRejection[0].results.rejected: found itemcreated, expected nothing: items of college have the state that the system behind tells, and no step changes it',
    ]);
    expect(await warned(flow('{source: ged}')), 'it may take others, too').to.deep.equal([]);
    expect(await warned(flow('{meetingConfig: college}', 'description: decided on here'))).to.deep.equal([]);
  });

  it('may bring its items into states that nobody declared; those that are usual decisions count as decided', async () => {
    const waiting = (waitFor: string, text = backed('{connector: pm}')) => text.replace('- connector: outbox', `- {connector: outbox, waitFor: ${waitFor}}`);
    const { authorities: [town] } = await load({ 'relais.yaml': waiting('decision') });
    expect(town!.authority.flows[0]!.steps[0]!.waitFor).to.include.members(['accepted', 'accepted_out_of_meeting', 'refused', 'marked_not_applicable', 'transfered']).and.not.include('validated');
    expect(await mistakes(waiting('{states: [over-there]}', backed('{connector: pm}').replace('title: Collège\n', 'title: Collège\n      itemPositiveDecidedStates: [over-there]\n')))).to.deep.equal([]);
    expect((await mistakes(waiting('{states: [over-there]}', SMALL)))[0]).to.include('unknown state');
  });

  const source = (entry: string): string => SMALL.replace('  connectors:', `  sources:\n    - ${entry}\n  connectors:`);

  it('sources: what an application is understood by', async () => {
    const { authorities: [town] } = await load({
      'relais.yaml': source('{id: ged, users: {" jdoe ": jean, admin: null}, unmapped: refuse, states: {validated: accepted}, freshFor: 1 min, creation: {annexType: annexe, annexTypesByExtension: {PDF: annexe}, proposingGroup: voirie}}'),
    });
    expect(town!.authority.sources.get('ged')).to.deep.equal({
      id: 'ged', users: new Map([['jdoe', 'jean'], ['admin', null]]), unmapped: 'refuse', states: new Map([['validated', 'accepted']]), freshForMs: 60_000, omitsEmptyTexts: false,
      creation: { category: null, annexType: 'annexe', annexTypesByExtension: new Map([['pdf', 'annexe']]), proposingGroup: 'voirie' },
    });
  });

  it('sources: a profile says the rest, and what is written goes over it', async () => {
    const { authorities: [town] } = await load({ 'relais.yaml': source('{id: ged, profile: urban, users: {siteadmin: jean}}') });
    expect(town!.authority.sources.get('ged')).to.deep.include({ users: new Map([['admin', null], ['siteadmin', 'jean']]), freshForMs: 300_000, omitsEmptyTexts: true, unmapped: 'same' });
    expect(town!.authority.sources.get('ged')!.states.get('accepted_out_of_meeting')).to.equal('accepted');
  });

  it('sources: mistakes are shown with their place', async () => {
    const found = await mistakes(source('{id: gedd, profile: urbane, users: {a: nobody, " a": jean}, states: {validatd: accepted}, creation: {category: x, annexType: plan, proposingGroup: voiries}}'));
    for (const words of ['unknown source "gedd"', 'urban', 'unknown user "nobody"', 'found "a" a second time', 'unknown state validatd', 'unknown annex type "plan"', 'unknown organisation "voiries"', 'unknown category "x"']) {
      expect(found.some((one) => one.includes(words)), `${words}: ${found.join('\n')}`).to.equal(true);
    }
  });

  it('sources: people, services and states of a system behind are its own affair', async () => {
    expect(await mistakes(backed('{connector: pm}', '  sources:\n    - {id: ged, users: {a: somebody}, states: {over-there: accepted}, creation: {category: c, proposingGroup: g}}\n'))).to.deep.equal([]);
  });
});
