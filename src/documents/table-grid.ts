import { MAX_COLUMNS, type Block, type Table } from './rich-text.js';

/** One place of a table whose rows all have the same number of columns. */
export interface GridCell {
  readonly blocks: readonly Block[];
  readonly header: boolean;
  readonly colSpan: number;
  readonly rowSpan: number;
  /** `left`: hidden by the cell to the left; `above`: by the one above (`colSpan` is then that one's). */
  readonly coveredBy: 'left' | 'above' | null;
}

const EMPTY: GridCell = { blocks: [], header: false, colSpan: 1, rowSpan: 1, coveredBy: null };

/** Lays out rows as HTML does: spans cover later places, short rows are filled up, spans end with the table. */
export function layOut(table: Table): readonly (readonly GridCell[])[] {
  const grid: GridCell[][] = table.rows.map(() => []);
  table.rows.forEach((row, rowIndex) => {
    let column = 0;
    let last = -1;
    for (const cell of row) {
      while (grid[rowIndex]?.[column] !== undefined) column += 1;
      if (column < MAX_COLUMNS) {
        place(grid, rowIndex, column, cell);
        last = column;
      } else append(grid[rowIndex] ?? [], last, cell.blocks);
    }
  });
  const columns = Math.max(...grid.map((row) => row.length));
  return grid.map((row) => Array.from({ length: columns }, (_, column) => row[column] ?? EMPTY));
}

function place(grid: GridCell[][], rowIndex: number, column: number, cell: Table['rows'][number][number]): void {
  const colSpan = freeColumns(grid[rowIndex] ?? [], column, cell.colSpan);
  const rowSpan = Math.min(cell.rowSpan, grid.length - rowIndex);
  for (let down = 0; down < rowSpan; down += 1) {
    for (let right = 0; right < colSpan; right += 1) {
      const covered = right > 0 ? 'left' : down > 0 ? 'above' : null;
      const row = grid[rowIndex + down];
      if (row !== undefined) row[column + right] = { blocks: covered === null ? cell.blocks : [], header: cell.header, colSpan, rowSpan, coveredBy: covered };
    }
  }
}

/** What has no column left joins the last cell of its row. */
function append(row: GridCell[], column: number, blocks: readonly Block[]): void {
  const cell = row[column];
  if (cell !== undefined) row[column] = { ...cell, blocks: [...cell.blocks, ...blocks] };
}

/** A span stops before a place that a cell from above covers. */
function freeColumns(row: readonly GridCell[], column: number, wanted: number): number {
  let free = 1;
  while (free < wanted && column + free < MAX_COLUMNS && row[column + free] === undefined) free += 1;
  return free;
}
