import { ElementType, Parser, parseDocument } from 'htmlparser2';
import { RelaisError } from '../errors.js';
import { lookOf, roleOf, type Element, type Look, type Node } from './html-elements.js';
import { MAX_COLUMNS, MAX_LIST_DEPTH, type Block, type Cell, type Run } from './rich-text.js';

/** Deeper HTML is a mistake or an attack, and the parser's time grows with the square of the depth. */
const MAX_DEPTH = 400;

/** A document of this many paragraphs has some thousand pages. */
const MAX_BLOCKS = 20_000;

const PLAIN: Look = { style: {}, level: 0, alignment: null, preformatted: false, listDepth: 0, inTable: false };

/** Finished blocks and the paragraph under way. */
interface Flow {
  readonly blocks: Block[];
  runs: Run[];
}

interface Reading {
  /** Blocks that stand for `<relais-insert name>`; none for other HTML than a template's. */
  readonly insert: (name: string) => readonly Block[];
  count: number;
}

/** Reads HTML, however broken, into blocks; images, scripts and addresses other than http, https and mailto are dropped.
 * Throws RELAIS_WS4PM_GENERATION for HTML that is nested too deep or too long to print. */
export function readRichText(html: string, insert: (name: string) => readonly Block[] = () => []): readonly Block[] {
  refuseDepth(html);
  const flow: Flow = { blocks: [], runs: [] };
  const reading: Reading = { insert, count: 0 };
  readAll(parseDocument(html).children, PLAIN, flow, reading);
  endParagraph(flow, PLAIN, reading);
  return flow.blocks;
}

function refuseDepth(html: string): void {
  let depth = 0;
  const parser = new Parser({
    onopentag() {
      depth += 1;
      if (depth > MAX_DEPTH) throw new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: a text has more than ${MAX_DEPTH} HTML elements within each other.`);
    },
    onclosetag() { depth -= 1; },
  });
  parser.end(html);
}

function readAll(nodes: readonly Node[], look: Look, flow: Flow, reading: Reading): void {
  for (const node of nodes) {
    if (node.type === ElementType.Text) addText(flow, node.data, look);
    else if ('attribs' in node) readElement(node, look, flow, reading);
  }
}

function readElement(element: Element, look: Look, flow: Flow, reading: Reading): void {
  const role = roleOf(element, look);
  if (role === 'dropped') return;
  if (role === 'break') { flow.runs.push({ ...look.style, text: '\n' }); return; }
  const own = lookOf(element, look);
  if (role === 'inline') { readAll(element.children, own, flow, reading); return; }
  endParagraph(flow, look, reading);
  if (role === 'rule') add(flow, { type: 'rule' }, reading);
  else if (role === 'insert') for (const block of reading.insert(element.attribs['name'] ?? '')) add(flow, block, reading);
  else if (role === 'list') readList(element, own, flow, reading);
  else if (role === 'table') readTable(element, own, flow, reading);
  else {
    readAll(element.children, own, flow, reading);
    endParagraph(flow, own, reading);
  }
}

function readList(element: Element, look: Look, flow: Flow, reading: Reading): void {
  const items = readItems(element, { ...look, level: 0, listDepth: look.listDepth + 1 }, reading);
  if (items.length === 0) return;
  if (look.listDepth >= MAX_LIST_DEPTH) {
    for (const block of items.flat()) add(flow, block, reading);
    return;
  }
  const start = Number.parseInt(element.attribs['start'] ?? '1', 10);
  add(flow, { type: 'list', ordered: element.name === 'ol', start: start >= 0 && start < 100_000 ? start : 1, items }, reading);
}

function readItems(list: Element, look: Look, reading: Reading): (readonly Block[])[] {
  const items: Flow[] = [];
  for (const child of list.children) {
    const isItem = 'attribs' in child && child.name === 'li';
    // What stands between the items (often a nested list) belongs to the one before.
    const before = isItem ? undefined : items.at(-1);
    const item = before ?? { blocks: [], runs: [] };
    if (before === undefined) items.push(item);
    readAll(isItem ? child.children : [child], look, item, reading);
    endParagraph(item, look, reading);
  }
  return items.map(({ blocks }) => blocks).filter((blocks) => blocks.length > 0);
}

/** What stands in a table but in no cell is kept, before the table. */
function readTable(element: Element, look: Look, flow: Flow, reading: Reading): void {
  const inside: Look = { ...look, level: 0, alignment: null, inTable: true };
  const rows: Cell[][] = [];
  const readRows = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      const name = 'attribs' in node ? node.name : '';
      if ('attribs' in node && name === 'tr') rows.push(readCells(node, { inside, outside: look }, flow, reading));
      else if ('attribs' in node && ['thead', 'tbody', 'tfoot'].includes(name)) readRows(node.children);
      else readAll([node], look, flow, reading);
    }
  };
  readRows(element.children);
  endParagraph(flow, look, reading);
  const filled = rows.filter((row) => row.length > 0);
  if (filled.length > 0) add(flow, { type: 'table', rows: filled }, reading);
}

function readCells(row: Element, looks: { inside: Look; outside: Look }, around: Flow, reading: Reading): Cell[] {
  const cells: (Cell & { readonly blocks: Block[] })[] = [];
  for (const node of row.children) {
    if (!('attribs' in node) || (node.name !== 'td' && node.name !== 'th')) { readAll([node], looks.outside, around, reading); continue; }
    const own = lookOf(node, looks.inside);
    const flow: Flow = { blocks: [], runs: [] };
    readAll(node.children, own, flow, reading);
    endParagraph(flow, own, reading);
    const last = cells.at(-1);
    // What stands in columns too many is kept, in the last one.
    if (last !== undefined && cells.length >= MAX_COLUMNS) last.blocks.push(...flow.blocks);
    else cells.push({ header: node.name === 'th', colSpan: span(node, 'colspan'), rowSpan: span(node, 'rowspan'), blocks: flow.blocks });
    countOne(reading);
  }
  return cells;
}

function span(cell: Element, name: 'colspan' | 'rowspan'): number {
  const written = Number.parseInt(cell.attribs[name] ?? '1', 10);
  return written >= 1 && written <= 1000 ? written : 1;
}

function add(flow: Flow, block: Block, reading: Reading): void {
  countOne(reading);
  flow.blocks.push(block);
}

function countOne(reading: Reading): void {
  reading.count += 1;
  if (reading.count > MAX_BLOCKS) throw new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: a text holds more than ${MAX_BLOCKS} paragraphs, lists and cells.`);
}

function addText(flow: Flow, written: string, look: Look): void {
  const last = flow.runs.at(-1);
  let text = written;
  if (!look.preformatted) {
    text = written.replace(/[ \t\r\n\f]+/g, ' ');
    if (last === undefined || /[ \n]$/.test(last.text)) text = text.replace(/^ /, '');
  }
  if (text !== '') flow.runs.push({ ...look.style, text });
}

/** A no-break space stays: editors write it to leave a line empty. */
function endParagraph(flow: Flow, look: Look, reading: Reading): void {
  const runs = [...flow.runs];
  flow.runs = [];
  for (let last = runs.at(-1); last !== undefined; last = runs.at(-1)) {
    const text = last.text.replace(/[ \n]+$/, '');
    if (text !== '') { runs[runs.length - 1] = { ...last, text }; break; }
    runs.pop();
  }
  if (runs.length > 0) add(flow, { type: 'paragraph', level: look.level, alignment: look.alignment, runs }, reading);
}
