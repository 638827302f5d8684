import { expect } from 'chai';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { Step } from '../../../src/domain/flow.js';
import { viewOfItem, VIEW_NAMES } from '../../../src/routing/item-view.js';
import { JSONATA_FUNCTIONS } from '../../../src/routing/jsonata-functions.js';
import { lintExpression } from '../../../src/routing/lint-expression.js';
import { lintStep, type LintContext } from '../../../src/routing/lint-mapping.js';
import { NOTHING_AROUND, sampleTable, target } from '../../support/sample-route.js';
import { newItem } from '../../support/temp-store.js';

const targetFields = {
  name: target('text', { required: true, maxLength: 5 }), type: target('text', { values: ['acte', 'avis'] }), urgent: target('boolean'),
  when: target('date'), number: target('integer'), files: target('list'), code: target('text', { maxLength: 3, cut: false }),
};

function lint(fields: Step['fields'], change: Partial<LintContext> = {}, when: string | null = null) {
  return lintStep({ fields: { name: { expression: 'title' }, ...fields }, when }, { tables: new Map(), targetFields, connector: 'sign', ...change });
}

describe('lintStep', () => {
  it('finds nothing wrong with a step that is right', () => {
    const table = sampleTable('types', { travaux: 'acte' }, { connector: { other: { travaux: 'of another connector' } }, unknown: { default: 'avis' } });
    const fields: Step['fields'] = {
      type: { table: 'types', from: 'category' }, urgent: { expression: 'toDiscuss' }, when: { expression: 'createdAt' }, number: { expression: 'extra.itemNumber' },
      files: { expression: 'annexes[type = "annexe"].filename' }, code: { value: 'abc' },
    };
    expect(lint(fields, { tables: new Map([['types', table]]) }, 'results.sign.state = "done"')).to.deep.equal([]);
  });

  it('a target field that is not there, and one that is required', () => {
    expect(lintStep({ fields: { titel: { value: 1 } }, when: null }, { tables: new Map(), targetFields, connector: 'sign' })).to.deep.equal([
      { kind: 'field', severity: 'error', at: ['fields', 'titel'], message: 'found titel, which is not a field of this operation', suggestions: { written: 'titel', known: Object.keys(targetFields) } },
      { kind: 'required', severity: 'error', at: ['fields'], message: 'found no name, a field that this operation requires' },
    ]);
    expect(lint({ toString: { value: 1 } })[0]).to.include({ kind: 'field' });
  });

  it('constants that the field does not take, and those that it cuts', () => {
    expect(lint({ type: { value: 'Acte' } })).to.deep.equal([
      { kind: 'value', severity: 'error', at: ['fields', 'type', 'value'], message: 'found «Acte», expected one of «acte», «avis»; did you mean «acte»?' },
    ]);
    expect(lint({ name: { value: null } })[0]).to.include({ kind: 'value', message: 'found nothing, but the field is required' });
    expect(lint({ code: { value: 'abcd' } })[0]).to.include({ kind: 'value', severity: 'error' });
    expect(lint({ name: { value: 'abcdef' } })).to.deep.equal([
      { kind: 'loss', severity: 'warning', at: ['fields', 'name', 'value'], message: 'found a value that is too long: «abcdef» is cut: 6 characters, at most 5 are taken' },
    ]);
    expect(lint({ number: { expression: '"twelve"' } })).to.deep.equal([
      { kind: 'value', severity: 'error', at: ['fields', 'number', 'expression'], message: 'found «twelve», expected a whole number' },
    ]);
  });

  it('names of the item that never fit the field', () => {
    expect(lint({ number: { expression: 'toDiscuss' } })[0]).to.include({ kind: 'value', message: 'found toDiscuss, expected a whole number' });
    expect(lint({ code: { expression: 'annexes' } })[0]).to.include({ message: 'found annexes, expected a text' });
    expect(lint({ code: { expression: 'createdAt' }, type: { expression: 'createdAt' } }), 'may fit').to.deep.equal([]);
  });

  it('a table that is not there', () => {
    expect(lint({ type: { table: 'typs', from: 'category' } }, { tables: new Map([['types', sampleTable('types', {})]]) })).to.deep.equal([
      { kind: 'table', severity: 'error', at: ['fields', 'type', 'table'], message: 'found typs, which is not a table of the configuration', suggestions: { written: 'typs', known: ['types'] } },
    ]);
  });

  it('values of a table that the field does not take, each with its row', () => {
    const table = sampleTable('types', { a: 'acte', b: 'x1' }, { source: { ged: { c: 'x2' } }, connector: { sign: { d: 'x3' }, other: { e: 'x4' } }, unknown: { default: 'x5' } });
    const mistakes = lint({ type: { table: 'types', from: 'category' } }, { tables: new Map([['types', table]]) });
    expect(mistakes.map(({ row }) => row)).to.deep.equal([
      { table: 'types', group: { connector: 'sign' }, key: 'd' }, { table: 'types', group: { source: 'ged' }, key: 'c' },
      { table: 'types', group: null, key: 'b' }, { table: 'types', group: null, key: null },
    ]);
    expect(mistakes[0]).to.include({ kind: 'value', message: 'found «x3», expected one of «acte», «avis»' });
  });

  it('known values for which a table that refuses has no row', () => {
    const users = sampleTable('users', { anne: '1' }, { connector: { sign: { ben: '2' } }, source: { ged: { carl: '3' } } });
    const knownValues = { creator: ['anne', 'ben', 'carl', 'dora'] };
    const use = (table: typeof users, from = 'creator') => lint({ number: { table: 'users', from } }, { tables: new Map([['users', table]]), knownValues });
    expect(use(users)).to.deep.equal([
      { kind: 'unmapped', severity: 'warning', at: ['fields', 'number', 'table'], message: 'found no row in the table users for carl, dora; the deliveries of such items will be parked' },
    ]);
    expect(use({ ...users, unknown: 'same' })).to.deep.equal([]);
    expect(use(users, '$lowercase(creator)'), 'what comes is not known').to.deep.equal([]);
    const many = { creator: Array.from({ length: 20 }, (_, index) => `user${index}`) };
    expect(lint({ number: { table: 'users', from: 'creator' } }, { tables: new Map([['users', users]]), knownValues: many })[0]?.message).to.match(/user11 and 8 others;/);
  });

  it('expressions that cannot be read, and what they refer to, wherever they stand', () => {
    const mistakes = lint({ type: { table: 'types', from: 'categry' }, code: { expression: 'title &' } }, { tables: new Map([['types', sampleTable('types', {}, { unknown: 'same' })]]) }, '$exist(title)');
    expect(mistakes.map(({ kind, at, offset }) => [kind, at.join('.'), offset])).to.deep.equal([
      ['function', 'when', 0], ['name', 'fields.type.from', 0], ['expression', 'fields.code.expression', 6],
    ]);
    expect(mistakes[0]).to.deep.include({ message: 'found $exist, which is not a function of JSONata and is not defined here', suggestions: { written: 'exist', known: JSONATA_FUNCTIONS } });
    expect(mistakes[1]).to.deep.include({ message: 'found categry, which items do not have', suggestions: { written: 'categry', known: VIEW_NAMES } });
  });
});

describe('lintExpression', () => {
  const found: [expression: string, ...wrong: [name: string, offset: number][]][] = [
    ['titel', ['titel', 0]],
    ['$uppercase(titel) & " " & kinds', ['titel', 11], ['kinds', 26]],
    ['`my title`', ['my title', 0]],
    ['$$.titel', ['titel', 3]],
    ['$.titel', ['titel', 2]],
    ['titel.x', ['titel', 0]],
    ['annexes[name = $$.titel]', ['titel', 18]],
    ['toDiscuss ? titel : x', ['titel', 12], ['x', 20]],
    ['[titel, {"a": x}]', ['titel', 1], ['x', 14]],
    ['($x := titel; $x & $y)', ['titel', 7], ['y', 19]],
    ['$map(annexes, function($a) { $a.name & titel })', ['titel', 39]],
    ['titel ~> $upper', ['titel', 0], ['upper', 9]],
    ['-x', ['x', 1]],
    ['title in tags', ['tags', 9]],
    ['annexes[type = "a"].name'], ['annexes^(>name).name'], ['annexes{name: $count(other)}'], ['$.{"a": name}'],
    ['annexes@$a.name[$a.x = 1]'], ['annexes#$i[$i > 0].name'], ['annexes.%.name'], ['$ ~> | annexes | {"a": name} |'], ['*.name'], ['**.name'], ['$string(title)[name = 1]'],
    ['(annexes)[0].name'], ['$now() & $millis() & $eval("x")'], ['extra.anything.at.all'], ['$map(annexes, function($a, $i) { $a.title & $i })'],
    ['results.sign.reference'],
    ['"text"'], ['/a+/'],
  ];
  for (const [expression, ...wrong] of found) {
    it(expression, () => {
      const mistakes = lintExpression(expression, []);
      expect(mistakes.map(({ suggestions, offset }) => [suggestions?.written, offset])).to.have.deep.members(wrong);
      expect(mistakes.length).to.equal(wrong.length);
    });
  }

  it('results of steps that do not come before', () => {
    expect(lintExpression('results.sgn.reference & results.sign.state', ['when'], ['sign'])).to.deep.equal([
      { kind: 'name', severity: 'error', at: ['when'], message: 'found results.sgn, but no step before this one is called so', suggestions: { written: 'sgn', known: ['sign'] }, offset: 0 },
    ]);
  });
});

describe('what expressions may use', () => {
  it('is the view of an item', () => expect(VIEW_NAMES).to.have.members(Object.keys(viewOfItem(newItem(), NOTHING_AROUND))));

  it('is every function of JSONata', () => {
    const source = fs.readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8');
    const known = [...source.matchAll(/(?:staticFrame|environment)\.bind\('(\w+)'/g)].map((match) => match[1]);
    expect(JSONATA_FUNCTIONS).to.have.members(known);
  });
});
