import { expect } from 'chai';
import fc from 'fast-check';
import type { FieldSource, TargetField } from '../../../src/domain/mapping.js';
import { explainFields, type MappingContext } from '../../../src/routing/explain-fields.js';
import { viewOfItem } from '../../../src/routing/item-view.js';
import { mapFields } from '../../../src/routing/map-fields.js';
import { NOTHING_AROUND, sampleTable, target } from '../../support/sample-route.js';
import { newItem } from '../../support/temp-store.js';
import { sampleAuthority } from '../../support/sample-authority.js';

const services = sampleTable('services', { urbanisme: 'common', travaux: 'common', voirie: 'common' }, {
  source: { ged: { urbanisme: 'ged', travaux: 'ged' } }, connector: { sign: { urbanisme: 'sign' } }, place: 'relais.yaml:120',
});

function context(targetFields: Record<string, TargetField>, change: Partial<MappingContext> = {}): MappingContext {
  return { tables: new Map([['services', services]]), source: 'ged', connector: 'sign', targetFields, ...change };
}

describe('mapFields', () => {
  it('maps expressions, constants and tables, and leaves out what has no value', async () => {
    const sources: Record<string, FieldSource> = {
      name: { expression: 'title & " (" & kind & ")"' }, urgent: { value: true }, service: { table: 'services', from: 'proposingOrganisation' },
      files: { expression: 'annexes.filename' }, number: { expression: 'extra.nothing' }, previous: { expression: 'results.before.reference' },
    };
    const item = newItem({ title: 'Voirie', proposingOrganisation: 'travaux', annexes: [] });
    const view = viewOfItem(item, NOTHING_AROUND, { before: { reference: 'R-1', state: 'done', fields: {} } });
    const declared = { name: target('text', { required: true }), urgent: target('boolean'), service: target('text'), files: target('list'), number: target('integer'), previous: target('text') };
    expect(await mapFields(sources, view, context(declared))).to.deep.equal({ fields: { name: 'Voirie (deliberation)', urgent: true, service: 'ged', previous: 'R-1' }, warnings: [] });
  });

  it('names every field that hinders it, and the lines that help', async () => {
    const sources: Record<string, FieldSource> = {
      a: { table: 'services', from: '"urba: \\"x\\""' }, b: { expression: '$number(title)' }, c: { table: 'services', from: '["ged", "travaux", "other"]' }, d: { table: 'gone', from: 'title' }, e: { value: 1 },
    };
    const declared = { a: target('text'), b: target('integer'), c: target('list'), d: target('text'), f: target('text', { required: true }) };
    const mapped = await mapFields(sources, { title: 'no number' }, context(declared));
    expect(mapped).to.deep.equal({
      field: 'a',
      problem: 'Field «a»: the table «services» has no row for «urba: "x"». '
        + 'Field «b»: the expression «$number(title)» cannot be used: Unable to cast value to a number: "no number". '
        + 'Field «c»: the table «services» has no row for «ged»; the table «services» has no row for «other». '
        + 'Field «d»: there is no table «gone» in the configuration. '
        + 'Field «e» is not among the fields of this operation. '
        + 'Field «f» is required, but the step does not map it.',
      fix: 'relais.yaml:120  new row of table services:  "urba: \\"x\\"": <value>\n'
        + 'relais.yaml:120  new row of table services:  "ged": <value>\nrelais.yaml:120  new row of table services:  "other": <value>',
    });
  });

  it('warns of what is cut', async () => {
    expect(await mapFields({ name: { expression: 'title' } }, { title: 'abcdef' }, context({ name: target('text', { maxLength: 3 }) })))
      .to.deep.equal({ fields: { name: 'abc' }, warnings: ['Field «name»: «abcdef» is cut: 6 characters, at most 3 are taken.'] });
  });

  describe('a table', () => {
    const lookUp = async (from: string, table = services, reader = {}) =>
      mapFields({ service: { table: 'services', from } }, { org: ' urbanisme ' }, context({ service: target('text') }, { tables: new Map([['services', table]]), ...reader }));
    const service = (value: unknown) => ({ fields: { service: value }, warnings: [] });

    it('is read for the connector, then the source, then for all, with trimmed keys', async () => {
      expect(await lookUp('org')).to.deep.equal(service('sign'));
      expect(await lookUp('org', services, { connector: 'archive' })).to.deep.equal(service('ged'));
      expect(await lookUp('org', services, { connector: 'archive', source: 'urban' })).to.deep.equal(service('common'));
      expect(await lookUp('"voirie"')).to.deep.equal(service('common'));
    });

    it('takes numbers and booleans for the texts that they are', async () => {
      const table = sampleTable('services', { 12: 'twelve', true: 'yes' });
      expect(await lookUp('12', table)).to.deep.equal(service('twelve'));
      expect(await lookUp('true', table)).to.deep.equal(service('yes'));
    });

    it('gives the same value, a default, or nothing for what it does not know', async () => {
      expect(await lookUp('" new "', { ...services, unknown: 'same' })).to.deep.equal(service('new'));
      expect(await lookUp('"new"', { ...services, unknown: { default: 'other' } })).to.deep.equal(service('other'));
      expect(await lookUp('"new"', { ...services, unknown: { default: null } })).to.deep.equal({ fields: {}, warnings: [] });
    });

    it('has nothing to add for nothing', async () => {
      for (const nothing of ['""', 'null', 'missing', '" "']) {
        expect(await lookUp(nothing), nothing).to.deep.equal({ fields: {}, warnings: [] });
        expect(await lookUp(nothing, { ...services, unknown: 'same' }), nothing).to.deep.equal({ fields: {}, warnings: [] });
        expect(await lookUp(nothing, { ...services, unknown: { default: 'other' } }), nothing).to.deep.equal(service('other'));
        expect(await lookUp(nothing, sampleTable('services', { '': 'none' })), nothing).to.deep.equal(service('none'));
      }
    });

    it('does not take the names of JavaScript objects for rows', async () => {
      expect(await lookUp('"constructor"')).to.include({ fix: 'relais.yaml:120  new row of table services:  "constructor": <value>' });
    });

    it('gives no line for what is no key', async () => {
      expect(await lookUp(`"${'x'.repeat(300)}"`)).to.include({ fix: null });
      expect(await lookUp('$')).to.deep.include({ problem: 'Field «service»: found an object to look up in the table «services», expected a text.', fix: null });
      expect(await lookUp('$uppercase')).to.deep.include({ problem: 'Field «service»: found a function to look up in the table «services», expected a text.' });
    });

    it('prefers rows in this order, whatever the rows', async () => {
      const rows = fc.dictionary(fc.constantFrom<string>('a', 'b', '__proto__', ''), fc.constantFrom('1', '2', '3'), { noNullPrototype: true });
      const groups = fc.dictionary(fc.constantFrom('sign', 'ged', '__proto__'), rows, { noNullPrototype: true });
      await fc.assert(fc.asyncProperty(rows, groups, groups, fc.constantFrom<string>('a', 'b', 'toString'), async (common, source, connector, key) => {
        const table = sampleTable('services', common, { source, connector, unknown: { default: 'unknown' } });
        const expected = [connector['sign'], source['ged'], common].map((its) => (its !== undefined && Object.hasOwn(its, key) ? its[key] : undefined)).find((value) => value !== undefined);
        expect(await lookUp(JSON.stringify(key), table)).to.deep.equal(service(expected ?? 'unknown'));
      }));
    });
  });

  it('answers for any view and any source, and never rejects', async () => {
    const expression = fc.constantFrom('$', 'title', '**', '*', '$uppercase', 'function($x){$x}', '/a/', '$error("no")', '1/0', 'a.b[0]', 'title =', '($f := function($n) { $f($n + 1) }; $f(0))', '$$.a ~> | $ | {"b": 1} |', '[1..5]', '{"a": 1}', '__proto__');
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const source: fc.Arbitrary<FieldSource> = fc.oneof(
      expression.map((text) => ({ expression: text })), value.map((constant) => ({ value: constant })),
      fc.record({ table: fc.constantFrom('services', 'gone'), from: expression }),
    );
    const declared = fc.dictionary(fc.constantFrom('a', 'b', 'toString'), fc.constantFrom<TargetField['type']>('text', 'html', 'boolean', 'integer', 'date', 'list').chain((type) =>
      fc.boolean().map((required) => target(type, { required, maxLength: 5 }))), { noNullPrototype: true });
    const sources = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), source, { noNullPrototype: true });
    await fc.assert(fc.asyncProperty(sources, fc.jsonValue(), declared, async (mapping, view, targetFields) => {
      const mapped = await mapFields(mapping, view, context(targetFields));
      if ('problem' in mapped) expect(mapped.problem).to.match(/^Field «/);
      else expect(Object.keys(targetFields)).to.include.members(Object.keys(mapped.fields));
    }), { numRuns: 300 });
  }).timeout(60_000);
});

describe('explainFields', () => {
  it('says for each field where its value comes from', async () => {
    const sources: Record<string, FieldSource> = {
      name: { expression: 'title' }, urgent: { value: true }, service: { table: 'services', from: 'org' }, other: { table: 'services', from: '"new"' },
      every: { table: 'services', from: '["urbanisme", "voirie"]' },
    };
    const declared = { name: target('text', { maxLength: 2 }), urgent: target('text'), service: target('text'), other: target('text'), every: target('list'), need: target('date', { required: true }) };
    const plain = { warnings: [], problem: null, fix: null };
    expect(await explainFields(sources, { title: 'abc', org: 'urbanisme' }, context(declared))).to.deep.equal([
      { ...plain, field: 'name', from: 'title', found: 'abc', value: 'ab', warnings: ['Field «name»: «abc» is cut: 3 characters, at most 2 are taken.'] },
      { ...plain, field: 'urgent', from: 'true', found: true, value: 'true' },
      { ...plain, field: 'service', from: 'table services of org (row of the connector)', found: 'urbanisme', value: 'sign' },
      { ...plain, field: 'other', from: 'table services of "new"', found: 'new', value: undefined, problem: 'Field «other»: the table «services» has no row for «new».', fix: 'relais.yaml:120  new row of table services:  "new": <value>' },
      { ...plain, field: 'every', from: 'table services of ["urbanisme", "voirie"]', found: ['urbanisme', 'voirie'], value: ['sign', 'common'] },
      { ...plain, field: 'need', from: '', found: undefined, value: undefined, problem: 'Field «need» is required, but the step does not map it.' },
    ]);
  });

  it('knows the day of the meeting by the clocks of the town', () => {
    const meeting = { uid: 'm', id: 'm', configId: 'college', date: Date.UTC(2027, 2, 1, 23, 30), state: 'frozen', assembly: { text: '', excused: '', absents: '', guests: '', attendees: [] } };
    const around = { ...NOTHING_AROUND, meetingConfigs: [{ ...sampleAuthority().meetingConfigs[0]!, id: 'college', meetings: [meeting] }] };
    expect(viewOfItem(newItem({ configId: 'college', meeting: 'm' }), around).meetingDate).to.equal('2027-03-02');
    for (const change of [{ meeting: null }, { meeting: 'gone' }, { meeting: 'm', configId: 'council' }]) {
      expect(viewOfItem(newItem({ configId: 'college', ...change }), around).meetingDate).to.equal(null);
    }
  });
});
