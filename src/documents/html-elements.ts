import type { parseDocument } from 'htmlparser2';
import type { Alignment, Run } from './rich-text.js';

export type Node = ReturnType<typeof parseDocument>['children'][number];
export type Element = Extract<Node, { attribs: Record<string, string> }>;

/** How text looks at a place. */
export interface Look {
  readonly style: Omit<Run, 'text'>;
  readonly level: number;
  readonly alignment: Alignment | null;
  readonly preformatted: boolean;
  readonly listDepth: number;
  readonly inTable: boolean;
}

type Role = 'inline' | 'block' | 'list' | 'table' | 'break' | 'rule' | 'insert' | 'dropped';

const DROPPED = new Set(['head', 'script', 'style', 'title', 'template', 'noscript', 'iframe', 'object', 'embed', 'svg', 'math', 'img', 'picture', 'video', 'audio', 'canvas', 'input', 'select', 'textarea', 'button']);

const BLOCKS = new Set([
  'html', 'body', 'p', 'div', 'section', 'article', 'header', 'footer', 'main', 'aside', 'nav', 'address', 'blockquote', 'pre', 'figure', 'figcaption',
  'center', 'form', 'fieldset', 'legend', 'dl', 'dt', 'dd', 'details', 'summary', 'li', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th',
  'h1', 'h2', 'h3', 'h4', 'h5', 'h6',
]);

const OTHERS: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['ul', 'list'], ['ol', 'list'], ['menu', 'list'], ['table', 'table'], ['br', 'break'], ['hr', 'rule'], ['relais-insert', 'insert'],
]);

const STYLES: ReadonlyMap<string, Omit<Run, 'text'>> = new Map<string, Omit<Run, 'text'>>([
  ['b', { bold: true }], ['strong', { bold: true }], ['th', { bold: true }], ['i', { italic: true }], ['em', { italic: true }], ['cite', { italic: true }],
  ['u', { underline: true }], ['ins', { underline: true }], ['s', { strike: true }], ['strike', { strike: true }], ['del', { strike: true }],
  ['sup', { script: 'super' }], ['sub', { script: 'sub' }],
]);

/** What an element is at its place: a table within a table only parts its paragraphs. */
export function roleOf({ name }: Element, look: Look): Role {
  if (DROPPED.has(name)) return 'dropped';
  if (name === 'table' && look.inTable) return 'block';
  return OTHERS.get(name) ?? (BLOCKS.has(name) ? 'block' : 'inline');
}

/** The look of an element's content: what its name says, then what editors write into `style`. */
export function lookOf(element: Element, outer: Look): Look {
  const { name, attribs } = element;
  const css = (attribs['style'] ?? '').toLowerCase();
  const heading = /^h([1-6])$/.exec(name);
  return {
    ...outer,
    level: heading === null ? outer.level : Number(heading[1]),
    alignment: alignmentOf(name, attribs, css) ?? outer.alignment,
    preformatted: outer.preformatted || name === 'pre',
    style: { ...outer.style, ...STYLES.get(name), ...styleOf(css), ...linkOf(name, attribs) },
  };
}

function alignmentOf(name: string, attribs: Readonly<Record<string, string>>, css: string): Alignment | null {
  if (name === 'center') return 'center';
  const written = /text-align\s*:\s*(left|center|right|justify)/.exec(css)?.[1] ?? attribs['align']?.toLowerCase();
  return written === 'left' || written === 'center' || written === 'right' || written === 'justify' ? written : null;
}

function styleOf(css: string): Omit<Run, 'text'> {
  if (css === '') return {};
  return {
    ...(/font-weight\s*:\s*(?:bold|[6-9]00)/.test(css) ? { bold: true } : {}),
    ...(/font-style\s*:\s*italic/.test(css) ? { italic: true } : {}),
    ...(/text-decoration[a-z-]*\s*:[^;]*underline/.test(css) ? { underline: true } : {}),
    ...(/text-decoration[a-z-]*\s*:[^;]*line-through/.test(css) ? { strike: true } : {}),
  };
}

function linkOf(name: string, attribs: Readonly<Record<string, string>>): Omit<Run, 'text'> {
  const address = attribs['href']?.trim() ?? '';
  return name === 'a' && address.length <= 2000 && /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i.test(address) ? { link: address } : {};
}
