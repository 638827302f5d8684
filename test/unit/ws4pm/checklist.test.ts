import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';

// The checklist of contracts/ws4pm.md §6. A test of one of its lines has a title that begins with the number of the line, or
// with several numbers.

const LINES = 146;

/** Lines of which no test can be named, each with its reason. */
const CANNOT_APPLY: ReadonlyMap<number, string> = new Map([
  [6, 'uninstalling takes attributes and indexes out of a Plone site; there is no site here to be installed in'],
]);

const root = path.resolve(import.meta.dirname, '../..');
const files = ['unit/ws4pm', 'e2e'].flatMap((folder) => fs.readdirSync(path.join(root, folder))
  .filter((name) => name.endsWith('.test.ts') && name !== 'checklist.test.ts').map((name) => path.join(root, folder, name)));

/** Numbers at the beginning of the titles of tests that have a body; a test without one only promises. `${number}` is what a
 * loop over pairs of numbers and names gives. */
function numbersIn(source: string): number[] {
  const titles = [...source.matchAll(/\bit\((['"`])((?:\\.|(?!\1).)*)\1,/g)].map(([, , title = '']) => title);
  const looped = /\bit\(`\$\{number\}/.test(source) ? [...source.matchAll(/\['((?:\d+ ?)+)', '\w+'\]/g)].map(([, numbers = '']) => numbers) : [];
  return [...titles, ...looped].flatMap((title) => (/^(?:\d+ )*\d+(?= |$)/.exec(title)?.[0] ?? '').split(' ').filter((number) => number !== '').map(Number));
}

describe('ws4pm: the checklist', () => {
  const named = new Set(files.flatMap((file) => numbersIn(fs.readFileSync(file, 'utf8'))));

  it('every line is named by a test, or has a reason why it cannot be', () => {
    const lines = Array.from({ length: LINES }, (_, index) => index + 1);
    expect(lines.filter((line) => !named.has(line) && !CANNOT_APPLY.has(line)), 'lines without a test').to.deep.equal([]);
    expect(lines.filter((line) => named.has(line) && CANNOT_APPLY.has(line)), 'lines with both').to.deep.equal([]);
  });

  it('no test names a line that does not exist', () => {
    expect([...named].filter((line) => line < 1 || line > LINES)).to.deep.equal([]);
  });

  it('reads numbers as meant', () => {
    expect(numbersIn("it('12 13 two', () => {}); it(`107 with ${x}`, () => {}); it('14 promised'); it('no 15', () => {}); it('16 it\\'s', f)")).to.deep.equal([12, 13, 107, 16]);
    expect(numbersIn("for (const [number, name] of [['135 136', 'a'], ['137', 'b']]) it(`${number} ${name}`, f)")).to.deep.equal([135, 136, 137]);
  });
});
