import type { Content, ContentText, TableCell } from 'pdfmake/interfaces.js';
import type { Block, Paragraph, Run, Table } from './rich-text.js';
import { layOut } from './table-grid.js';

const HEADING_SIZES = [10.5, 17, 14, 12, 11, 10.5, 10.5];

const LINK_COLOR = '#1a4f8b';

/** Width of the text on an A4 page with the margins of make-pdf.ts, in points. */
const TEXT_WIDTH = 475;

/** Space below a paragraph, in points. */
const SPACE = { page: 5, item: 2, cell: 1 };

/** Blocks as pdfmake wants them. */
export function pdfContent(blocks: readonly Block[], space = SPACE.page): Content[] {
  return blocks.map((block) => {
    switch (block.type) {
      case 'paragraph': return paragraph(block, space);
      case 'list': {
        const items = block.items.map((item) => ({ stack: pdfContent(item, SPACE.item) }));
        return { ...(block.ordered ? { ol: items, start: block.start } : { ul: items }), margin: [0, 0, 0, space] };
      }
      case 'table': return table(block);
      case 'rule': return { canvas: [{ type: 'line', x1: 0, y1: 0, x2: TEXT_WIDTH, y2: 0, lineWidth: 0.5, lineColor: '#888888' }], margin: [0, 4, 0, 8] };
    }
  });
}

function paragraph({ runs, level, alignment }: Paragraph, space: number): ContentText {
  return {
    text: runs.map(run),
    margin: level === 0 ? [0, 0, 0, space] : [0, 9, 0, 4],
    ...(alignment === null ? {} : { alignment }),
    ...(level === 0 ? {} : { fontSize: HEADING_SIZES[level] ?? 10.5, bold: true }),
  };
}

function run({ text, bold, italic, underline, strike, script, link }: Run): ContentText {
  const decoration = [...(underline === true || link !== undefined ? ['underline' as const] : []), ...(strike === true ? ['lineThrough' as const] : [])];
  return {
    text,
    ...(bold === true ? { bold } : {}),
    ...(italic === true ? { italics: true } : {}),
    ...(decoration.length > 0 ? { decoration } : {}),
    ...(script === 'super' ? { sup: true } : {}),
    ...(script === 'sub' ? { sub: true } : {}),
    ...(link === undefined ? {} : { link, color: LINK_COLOR }),
  };
}

function table(block: Table): Content {
  const grid = layOut(block);
  const body = grid.map((row) => row.map((cell): TableCell => {
    if (cell.coveredBy !== null) return {};
    return { stack: pdfContent(cell.blocks, SPACE.cell), colSpan: cell.colSpan, rowSpan: cell.rowSpan, ...(cell.header ? { fillColor: '#eeeeee' } : {}) };
  }));
  return { table: { widths: widths(grid), body }, layout: 'relais', margin: [0, 2, 0, 8] };
}

/** A column of headings beside others takes the room of its text; the others share the rest. */
function widths(grid: ReturnType<typeof layOut>): ('auto' | '*')[] {
  const headings = (grid[0] ?? []).map((_, column) => grid.every((row) => row[column]?.header));
  return headings.map((heading) => (heading && headings.includes(false) ? 'auto' : '*'));
}
