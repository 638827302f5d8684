import { expect } from 'chai';
import fc from 'fast-check';
import { signingSessionSettings, LARGEST_SESSION, type SigningSessionSettings } from '../../connectors/signing-session/config.js';
import { sessionId } from '../../connectors/signing-session/hand-over.js';
import { httpPartner } from '../../connectors/signing-session/http-partner.js';
import { gather, keyOf, uniqueCode } from '../../connectors/signing-session/part.js';
import { signersByRule, signersNamed, signerTable } from '../../connectors/signing-session/signers.js';
import type { Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { scriptedHttp } from '../support/http-answer.js';
import { sampleAnnex, sampleItem } from '../support/sample-item.js';
import { signingStage } from '../support/signing-stage.js';

const [JEANNE, LUC, ADA, PAUL] = ['jeanne@ville.example', 'luc@ville.example', 'ada@ville.example', 'paul@ville.example'];

const PEOPLE = [
  { email: JEANNE, name: 'Jeanne Dupont', absences: [{ from: '2027-07-01', until: '2027-07-31', replacement: LUC }] },
  { email: LUC, name: 'Luc Martin', absences: [{ from: '2027-07-15', until: '2027-07-20', replacement: ADA }] },
  { email: ADA, name: 'Ada Noël' },
  { email: PAUL, name: 'Paul Petit' },
];

const RULES = [
  { rule: 'college', signers: [{ email: JEANNE }, { email: PAUL, until: '2027-05-31' }, { email: ADA, from: '2027-06-01' }] },
  { rule: 'interim', signers: [{ email: PAUL, from: '2027-01-01', until: '2027-01-31' }] },
];

const TABLE = signerTable.parse({ people: PEOPLE, rules: RULES });

const at = (moment: string): number => Date.parse(moment);

function thrown(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('signing sessions: who signs', () => {
  const DAYS: [string, string, string, string[]][] = [
    ['the rule as it is', 'college', '2027-03-01T10:00:00Z', [JEANNE, PAUL]],
    ['the last day of a mandate', 'college', '2027-05-31T21:59:00Z', [JEANNE, PAUL]],
    ['the first day of the next one, which begins at midnight over there', 'college', '2027-05-31T22:00:00Z', [JEANNE, ADA]],
    ['the first day of an absence', 'college', '2027-07-01T08:00:00Z', [LUC, ADA]],
    ['a replacement who is away, too: the next one, once', 'college', '2027-07-16T08:00:00Z', [ADA]],
    ['the last day of an absence', 'college', '2027-07-31T08:00:00Z', [LUC, ADA]],
    ['back again', 'college', '2027-08-01T08:00:00Z', [JEANNE, ADA]],
  ];

  for (const [what, rule, moment, expected] of DAYS) {
    it(what, () => {
      expect(signersByRule(rule, TABLE, at(moment))).to.deep.equal(expected);
    });
  }

  it('replaces those whom a step names, too, and tells addresses apart without regard to capitals', () => {
    expect(signersNamed(['Jeanne@Ville.example', 'guest@elsewhere.example'], TABLE, at('2027-07-02T08:00:00Z'))).to.deep.equal([LUC, 'guest@elsewhere.example']);
    expect(thrown(() => signersNamed(['Jeanne Dupont'], TABLE, 0))).to.be.instanceOf(Refused).with.property('message').that.includes('Jeanne Dupont');
  });

  it('nobody on that day is refused, with the rule and the day', () => {
    expect(thrown(() => signersByRule('interim', TABLE, at('2027-02-01T08:00:00Z')))).to.be.instanceOf(Refused).with.property('message').that.includes('interim').and.includes('2027-02-01');
  });

  it('a rule that there is not is refused, with those that there are', () => {
    expect(thrown(() => signersByRule('council', TABLE, 0))).to.be.instanceOf(Refused).with.property('message').that.includes('council').and.includes('college, interim');
  });

  const away = (email: string, replacement: string, from?: string, until?: string) => ({ email, name: email, absences: [{ ...(from !== undefined && { from }), ...(until !== undefined && { until }), replacement }] });
  const MISTAKES: [string, unknown, string][] = [
    ['a replacement that nobody knows', { people: [away(JEANNE, LUC)] }, 'people.0.absences.0.replacement'],
    ['a signer that nobody knows', { rules: [{ rule: 'college', signers: [{ email: JEANNE }] }] }, 'rules.0.signers.0.email'],
    ['somebody twice', { people: [PEOPLE[2], { email: ADA.toUpperCase(), name: 'Ada' }] }, 'people.1.email'],
    ['a rule twice', { people: PEOPLE, rules: [RULES[0], RULES[0]] }, 'rules.1.rule'],
    ['a rule without signers', { rules: [{ rule: 'college', signers: [] }] }, 'rules.0.signers'],
    ['a default rule that there is not', { rule: 'college' }, 'rule'],
    ['an absence that ends before it begins', { people: [away(JEANNE, JEANNE, '2027-07-02', '2027-07-01')] }, 'people.0.absences.0.until'],
    ['who replaces himself', { people: [away(JEANNE, JEANNE)] }, 'people.0.absences'],
    ['a circle on the days that meet', { people: [away(JEANNE, LUC, '2027-07-01', '2027-07-10'), away(LUC, JEANNE, '2027-07-10')] }, 'people.0.absences'],
    ['a time zone that there is not', { timeZone: 'Europe/Bruges' }, 'timeZone'],
    ['a day that there is not', { people: [away(JEANNE, LUC, '2027-02-30')] }, 'people.0.absences.0.from'],
  ];

  for (const [what, table, path] of MISTAKES) {
    it(`the configuration is refused: ${what}`, () => {
      expect(signerTable.safeParse(table).error?.issues.map((issue) => issue.path.join('.'))).to.include(path);
    });
  }

  it('no circle where the days do not meet', () => {
    expect(signerTable.safeParse({ people: [away(JEANNE, LUC, '2027-07-01', '2027-07-09'), away(LUC, JEANNE, '2027-07-10')] }).success).to.equal(true);
  });

  it('whatever table is accepted: on every day each signer is there, and nobody signs twice', () => {
    const emails = [JEANNE, LUC, ADA, PAUL];
    const day = fc.integer({ min: 1, max: 28 }).map((number) => `2027-02-${String(number).padStart(2, '0')}`);
    const absence = fc.record({ from: fc.option(day, { nil: undefined }), until: fc.option(day, { nil: undefined }), replacement: fc.constantFrom(...emails) })
      .filter(({ from = '', until = '9999' }) => from <= until);
    const people = fc.tuple(...emails.map((email) => fc.array(absence, { maxLength: 2 }).map((absences) => ({ email, name: email, absences }))));
    let accepted = 0;
    fc.assert(fc.property(people, fc.shuffledSubarray(emails, { minLength: 1 }), (everybody, signers) => {
      const read = signerTable.safeParse({ people: everybody, rules: [{ rule: 'all', signers: signers.map((email) => ({ email })) }] });
      if (!read.success) return;
      accepted += 1;
      for (let number = 1; number <= 28; number += 1) {
        const date = `2027-02-${String(number).padStart(2, '0')}`;
        const found = signersByRule('all', read.data, at(`${date}T12:00:00Z`));
        expect(new Set(found).size).to.equal(found.length).and.to.be.greaterThan(0);
        const isAway = (email: string) => everybody.find((one) => one.email === email)?.absences.some(({ from = '', until = '9999' }) => from <= date && date <= until);
        expect(found.filter(isAway)).to.deep.equal([]);
      }
    }), { numRuns: 500 });
    expect(accepted).to.be.greaterThan(10);
  });
});

describe('signing sessions: what travels together', () => {
  const NOW = at('2027-03-01T09:00:00Z');

  function settings(change: object = {}): SigningSessionSettings {
    return signingSessionSettings.parse({
      url: 'https://signature.example', login: 'ville', password: 'p', clientId: 'VILLE01', vatNumber: 'BE0', callBack: { secret: 'sixteen characters' }, sealCode: 'TOWN',
      signers: { people: PEOPLE, rules: RULES, rule: 'college' }, ...change,
    });
  }

  let last = 0;
  function submission(fields: Submission['fields'] = {}, sizes: readonly number[] = [10], authority = 'default'): Submission {
    last += 1;
    return { key: `key-${last}`, operation: 'sign', item: sampleItem({ authority, annexes: sizes.map((size, index) => sampleAnnex(`${index}.pdf`, { size })) }), fields, results: {} };
  }

  const groupOf = (fields: Submission['fields'], authority?: string): string => gather(submission(fields, [10], authority), settings(), NOW).group;

  it('leaves by size, count and time', () => {
    const given = settings({ session: { maxItems: 7, maxBytes: 1000, waitMinutes: 30 } });
    expect(gather(submission({}, [300, 200]), given, NOW)).to.deep.include({ weight: 500, limits: { weight: 1000, count: 7, waitMs: 1_800_000 } });
    expect(settings().session).to.deep.equal({ maxItems: 50, maxBytes: LARGEST_SESSION, waitMinutes: 60 });
    expect(signingSessionSettings.safeParse({ ...settings(), session: { maxBytes: LARGEST_SESSION + 1 } }).success).to.equal(false);
  });

  it('a document of 200 MiB fits, one byte more does not, and neither do two halves of that', () => {
    expect(gather(submission({}, [LARGEST_SESSION]), settings(), NOW).weight).to.equal(LARGEST_SESSION);
    expect(thrown(() => gather(submission({}, [LARGEST_SESSION + 1]), settings(), NOW))).to.be.instanceOf(Refused).with.property('message').that.includes('0.pdf').and.includes('200.0 MiB');
    expect(thrown(() => gather(submission({}, [LARGEST_SESSION, 1]), settings(), NOW))).to.be.instanceOf(Refused).with.property('message').that.includes('documents');
  });

  it('by signers in their order, seal, form, watchers, what keeps apart, and authority', () => {
    const base = groupOf({});
    expect(groupOf({ signerRule: 'college', title: 'Another name' })).to.equal(base);
    expect(groupOf({ signers: [JEANNE.toUpperCase(), PAUL] })).to.equal(base);
    const others = [groupOf({ signers: [PAUL, JEANNE] }), groupOf({ signers: [JEANNE] }), groupOf({ seal: true }), groupOf({ acroform: true }), groupOf({ watchers: [LUC] }), groupOf({ discriminator: 'urgent' }), groupOf({}, 'other')];
    expect(new Set([base, ...others]).size).to.equal(others.length + 1);
  });

  it('an absence that begins makes another group', () => {
    const one = submission();
    expect(gather(one, settings(), at('2027-06-30T09:00:00Z')).group).to.not.equal(gather(one, settings(), at('2027-07-01T09:00:00Z')).group);
  });

  it('one group is one set of choices, whatever they are', () => {
    const choice = fc.record({ signers: fc.shuffledSubarray([JEANNE, LUC, ADA], { minLength: 1 }), seal: fc.boolean(), acroform: fc.boolean(), discriminator: fc.constantFrom('', 'a', 'b') });
    fc.assert(fc.property(choice, choice, (one, other) => {
      expect(groupOf(one) === groupOf(other)).to.equal(JSON.stringify(one) === JSON.stringify(other));
    }));
  });

  it('PDF files that no step brought back, or those that are named', () => {
    const pdf = sampleAnnex('plan.pdf', { size: 10 });
    const item = sampleItem({ annexes: [pdf, sampleAnnex('signed.pdf', { size: 10, role: 'signed-document' }), sampleAnnex('table.xml', { size: 10, mediaType: 'text/xml' })] });
    const weigh = (fields: Submission['fields']) => gather({ ...submission(fields), item }, settings(), NOW).weight;
    expect(weigh({})).to.equal(10);
    expect(weigh({ documents: ['plan.pdf', 'signed.pdf'] })).to.equal(20);
    for (const [documents, words] of [[['table.xml'], 'text/xml'], [['none.pdf'], 'none.pdf'], [['plan.pdf', 'plan.pdf'], 'twice']] as const) {
      expect(thrown(() => weigh({ documents }))).to.be.instanceOf(Refused).with.property('message').that.includes('documents').and.includes(words);
    }
    expect(thrown(() => gather(submission({}, []), settings(), NOW))).to.be.instanceOf(Refused);
    expect(thrown(() => gather(submission({}, [0]), settings(), NOW))).to.be.instanceOf(Refused).with.property('message').that.includes('empty');
  });

  it('a step must say who signs, and a seal must be known', () => {
    const bare = settings({ signers: {}, sealCode: undefined });
    expect(thrown(() => gather(submission(), bare, NOW))).to.be.instanceOf(Refused).with.property('message').that.includes('signerRule');
    expect(thrown(() => gather(submission({ signers: [JEANNE], seal: true }), bare, NOW))).to.be.instanceOf(Refused).with.property('message').that.includes('sealCode');
  });

  it('names: a document leads back to its delivery, a load to one session, whatever its order', () => {
    expect(keyOf(uniqueCode('0198-ab-7', 11))).to.equal('0198-ab-7');
    expect(sessionId('VILLE01', ['a', 'b'])).to.equal(sessionId('VILLE01', ['b', 'a'])).and.to.match(/^VILLE01[0-9a-f]{16}$/);
    expect(sessionId('VILLE01', ['a'])).to.not.equal(sessionId('VILLE01', ['a', 'b']));
  });

  it('a signed document gets more time, by the size of what was sent', async () => {
    const stage = await signingStage();
    try {
      const { call, asked } = scriptedHttp(() => ({ status: 200, body: '%PDF-1.7' }));
      await httpPartner(stage.settings(), stage.context({ http: call })).signedDocument('session', 'key-1', 100 * 64 * 1024);
      expect(asked.map(({ timeoutMs }) => timeoutMs)).to.deep.equal([stage.settings().timeoutMs + 100_000]);
    } finally {
      await stage.close();
    }
  });
});
