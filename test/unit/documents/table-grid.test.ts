import { expect } from 'chai';
import fc from 'fast-check';
import type { Cell } from '../../../src/documents/rich-text.js';
import { layOut } from '../../../src/documents/table-grid.js';

function cell(name: string, colSpan = 1, rowSpan = 1): Cell {
  return { header: false, colSpan, rowSpan, blocks: [{ type: 'paragraph', level: 0, alignment: null, runs: [{ text: name }] }] };
}

/** `a` a cell, `<` covered from the left, `^` from above, `.` filled up. */
function drawn(rows: Cell[][]): string[] {
  return layOut({ type: 'table', rows }).map((row) => row.map(({ blocks: [block], coveredBy }) => {
    if (coveredBy !== null) return coveredBy === 'left' ? '<' : '^';
    return block?.type === 'paragraph' ? block.runs[0]?.text : '.';
  }).join(''));
}

describe('table grid', () => {
  it('fills up short rows', () => expect(drawn([[cell('a')], [cell('b'), cell('c')]])).to.deep.equal(['a.', 'bc']));

  it('makes room for spans', () => {
    expect(drawn([[cell('a', 2, 2), cell('b')], [cell('c')], [cell('d')]])).to.deep.equal(['a<b', '^<c', 'd..']);
  });

  it('ends a row span with the table and a column span before a cell from above', () => {
    expect(drawn([[cell('a'), cell('b', 1, 99)], [cell('c', 9)]])).to.deep.equal(['ab', 'c^']);
  });

  it('is rectangular, at most 24 columns wide, with every span inside', () => {
    const cells = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })).map(([colSpan, rowSpan]) => cell('x', colSpan, rowSpan)), { minLength: 1, maxLength: 30 });
    fc.assert(fc.property(fc.array(cells, { minLength: 1, maxLength: 12 }), (rows) => {
      const grid = layOut({ type: 'table', rows });
      const columns = grid[0]?.length ?? 0;
      expect(columns).to.be.within(1, 24);
      grid.forEach((row, rowIndex) => {
        expect(row).to.have.length(columns);
        row.forEach((one, column) => {
          if (one.coveredBy !== null) return;
          expect(column + one.colSpan).to.be.at.most(columns);
          expect(rowIndex + one.rowSpan).to.be.at.most(grid.length);
        });
      });
    }));
  });
});
