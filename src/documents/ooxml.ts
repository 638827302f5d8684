import type { Block, List, Paragraph, Run, Table } from './rich-text.js';
import { layOut, type GridCell } from './table-grid.js';

/** What OOXML text needs from other parts of the file. */
export interface OoxmlReferences {
  /** Relationship id of an address. */
  link(address: string): string;
  /** Numbering id of one list; `level` counts from 0. */
  numbering(list: { readonly ordered: boolean; readonly start: number; readonly level: number }): number;
}

/** Font size of headings in half points, by level. */
const HEADING_SIZES = [22, 32, 28, 24, 22, 22, 22];

const JUSTIFICATION = { left: 'left', center: 'center', right: 'right', justify: 'both' } as const;

/** Namespace of references between the parts of a file. */
export const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const RULE = '<w:p><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="888888"/></w:pBdr></w:pPr></w:p>';

/** Place in a list: the numbering applies to the first paragraph of an item, the others are only indented. */
interface ListPlace {
  readonly level: number;
  readonly numbering: number | null;
}

/** Blocks as WordprocessingML paragraphs and tables (ECMA-376 part 1 §17). Its texts must hold XML characters only. */
export function ooxml(blocks: readonly Block[], references: OoxmlReferences): string {
  return blocks.map((block) => blockXml(block, references, null)).join('');
}

function blockXml(block: Block, references: OoxmlReferences, place: ListPlace | null): string {
  switch (block.type) {
    case 'paragraph': return paragraphXml(block, references, place);
    case 'list': return listXml(block, references, place === null ? 0 : place.level + 1);
    case 'table': return tableXml(block, references);
    case 'rule': return RULE;
  }
}

function listXml({ ordered, start, items }: List, references: OoxmlReferences, level: number): string {
  const numbering = references.numbering({ ordered, start, level });
  return items.map((item) => {
    // An item that begins with a table or another list still shows its own number.
    const first = item[0]?.type === 'paragraph' ? '' : `<w:p>${paragraphProperties(0, null, { level, numbering })}</w:p>`;
    return first + item.map((block, index) => blockXml(block, references, { level, numbering: index === 0 && first === '' ? numbering : null })).join('');
  }).join('');
}

function paragraphXml({ runs, level, alignment }: Paragraph, references: OoxmlReferences, place: ListPlace | null): string {
  return `<w:p>${paragraphProperties(level, alignment, place)}${runs.map((run) => linkedXml(run, level, references)).join('')}</w:p>`;
}

/** The order of the children is the schema's. */
function paragraphProperties(level: number, alignment: Paragraph['alignment'], place: ListPlace | null): string {
  const properties = [
    level > 0 ? '<w:keepNext/>' : '',
    place !== null && place.numbering !== null ? `<w:numPr><w:ilvl w:val="${place.level}"/><w:numId w:val="${place.numbering}"/></w:numPr>` : '',
    place !== null && place.numbering === null ? `<w:ind w:left="${(place.level + 1) * 720}"/>` : '',
    alignment === null ? '' : `<w:jc w:val="${JUSTIFICATION[alignment]}"/>`,
    level > 0 ? `<w:outlineLvl w:val="${level}"/>` : '',
  ].join('');
  return properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`;
}

function linkedXml(run: Run, level: number, references: OoxmlReferences): string {
  if (run.link === undefined) return runXml(run, level);
  return `<w:hyperlink xmlns:r="${RELATIONSHIPS}" r:id="${references.link(run.link)}" w:history="1">${runXml(run, level)}</w:hyperlink>`;
}

function runXml(run: Run, level: number): string {
  const properties = runProperties(run, level);
  const lines = run.text.split('\n').map((line) => (line === '' ? '' : `<w:t xml:space="preserve">${escapeXml(line)}</w:t>`));
  return `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}${lines.join('<w:br/>')}</w:r>`;
}

/** The order is the schema's. */
function runProperties({ bold, italic, underline, strike, script, link }: Run, level: number): string {
  const properties: readonly (readonly [boolean, string])[] = [
    [bold === true || level > 0, '<w:b/>'],
    [italic === true, '<w:i/>'],
    [strike === true, '<w:strike/>'],
    [link !== undefined, '<w:color w:val="1A4F8B"/>'],
    [level > 0, `<w:sz w:val="${HEADING_SIZES[level] ?? 22}"/>`],
    [underline === true || link !== undefined, '<w:u w:val="single"/>'],
    [script === 'super', '<w:vertAlign w:val="superscript"/>'],
    [script === 'sub', '<w:vertAlign w:val="subscript"/>'],
  ];
  return properties.filter(([applies]) => applies).map(([, xml]) => xml).join('');
}

function tableXml(table: Table, references: OoxmlReferences): string {
  const grid = layOut(table);
  const columns = grid[0]?.length ?? 0;
  const width = columns === 0 ? 0 : Math.floor(9000 / columns);
  const borders = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="888888"/>`).join('');
  const rows = grid.map((row) => `<w:tr>${row.map((cell) => cellXml(cell, width, references)).join('')}</w:tr>`).join('');
  // The empty paragraph keeps Word from joining it with a table that follows.
  return `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>${borders}</w:tblBorders></w:tblPr>`
    + `<w:tblGrid>${`<w:gridCol w:w="${width}"/>`.repeat(columns)}</w:tblGrid>${rows}</w:tbl><w:p/>`;
}

function cellXml(cell: GridCell, width: number, references: OoxmlReferences): string {
  if (cell.coveredBy === 'left') return '';
  const properties = [
    `<w:tcW w:w="${width * cell.colSpan}" w:type="dxa"/>`,
    cell.colSpan > 1 ? `<w:gridSpan w:val="${cell.colSpan}"/>` : '',
    cell.rowSpan > 1 ? `<w:vMerge w:val="${cell.coveredBy === 'above' ? 'continue' : 'restart'}"/>` : '',
    cell.header ? '<w:shd w:val="clear" w:color="auto" w:fill="EEEEEE"/>' : '',
  ].join('');
  const content = ooxml(cell.blocks, references);
  // A cell must end with a paragraph.
  return `<w:tc><w:tcPr>${properties}</w:tcPr>${content.endsWith('</w:p>') ? content : `${content}<w:p/>`}</w:tc>`;
}

/** Text for the content of an element or for an attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
