import { expect } from 'chai';
import { annexOf, openRestCouncil, type RestCouncil } from '../../support/rest-council.js';

describe('the page of the simulated PloneMeeting', () => {
  let council: RestCouncil;
  let news = 0;
  beforeEach(async () => {
    news = 0;
    council = await openRestCouncil({ onNews: () => { news += 1; } });
  });
  afterEach(() => council.close());

  async function visit(path: string, form?: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly text: string; readonly location: string | null }> {
    const answer = await fetch(`${council.url}${path}`, { redirect: 'manual', headers, ...form !== undefined && { method: 'POST', body: new URLSearchParams(form) } });
    return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') };
  }

  it('lists the items and shows one, whatever is written in it', async () => {
    const { body } = await council.create({ title: 'Rue <b>Haute</b>', __children__: [annexOf('plan.txt', 'a plan')] });
    expect((await visit('/')).text).to.include('Rue &lt;b&gt;Haute&lt;/b&gt;').and.include('En création');
    const { text } = await visit(`/points/${body.UID as string}`);
    expect(text).to.include('Urbanisme').and.include('plan.txt').and.include('Mettre en séance').and.include('Accepter en modifiant');
    const [annex] = council.desk.items()[0]?.annexes ?? [];
    expect((await visit(`/points/${body.UID as string}/annexes/${annex?.uid ?? ''}`)).text).to.equal('a plan');
  });

  it('takes an item into a meeting and to a decision, and tells of each', async () => {
    const { body } = await council.create();
    const at = `/points/${body.UID as string}`;
    const meeting = council.desk.config('meeting-config-college')?.meetings[2]?.uid ?? '';
    expect(await visit(`${at}/present`, { meeting })).to.include({ status: 303, location: at });
    await visit(`${at}/accept`, { words: 'Le collège <décide>' });
    await visit(`${at}/write`, { words: 'Autrement' });
    expect(council.desk.items()[0]).to.deep.include({ meeting, state: 'accepted', decision: '<p>Autrement</p>' });
    expect((await visit(`${at}/refuse`, { words: '' })).status).to.equal(409);
    expect(await visit(`${at}/delete`, {})).to.include({ status: 303, location: '/' });
    expect(council.desk.items()).to.deep.equal([]);
    expect(news).to.equal(4);
  });

  it('answers this machine alone, and no form of another site', async () => {
    const { body } = await council.create();
    expect((await visit(`/points/${body.UID as string}/delete`, {}, { origin: 'https://elsewhere.example' })).status).to.equal(403);
    expect(council.desk.items()).to.have.length(1);
  });

  it('says what is not there', async () => {
    expect((await visit('/points/none')).status).to.equal(404);
    expect((await visit('/points/none/accept', { words: '' })).status).to.equal(409);
  });
});
