import type { XmlTag } from '../../xml/xml-tag.js';
import type { XmlHandler } from '../../xml/xml-tokenizer.js';
import { UNKNOWN, type PesNode } from './pes-outline.js';
import type { PesSpot } from './pes-findings.js';

export interface PesHandler extends XmlHandler {
  /** Where reading is now, `@attribute` included where one is named. */
  spot(attribute?: string): PesSpot;
}

export interface PesWatch {
  /** Told of each element with attributes. */
  attributes(tag: XmlTag): void;
  /** Told of each child of the root. */
  domain(tag: XmlTag): void;
}

/** Walks the outline while a file is read. Elements of `anywhere` are met wherever they stand; `line` says where reading is. */
export function createPesHandler(root: PesNode, anywhere: ReadonlyMap<string, PesNode>, watch: PesWatch, line: () => number): PesHandler {
  const nodes: PesNode[] = [];
  const names: string[] = [];
  let top = UNKNOWN;

  function nodeOf(local: string): PesNode {
    if (nodes.length === 0) return root;
    return top.children.get(local) ?? anywhere.get(local) ?? UNKNOWN;
  }

  function forgetCounts(node: PesNode): void {
    for (const child of node.children.values()) child.count = 0;
  }

  function open(tag: XmlTag): void {
    const node = nodeOf(tag.local);
    nodes.push(node);
    names.push(tag.local);
    top = node;
    if (node.repeats) node.count += 1;
    if (nodes.length === 2) watch.domain(tag);
    if (tag.attributes.length > 0) watch.attributes(tag);
    if (node === UNKNOWN) return;
    if (node.children.size > 0) forgetCounts(node);
    node.open?.(tag);
    node.value?.(valueOf(tag));
  }

  function close(): void {
    top.close?.();
    nodes.pop();
    names.pop();
    top = nodes.at(-1) ?? UNKNOWN;
  }

  function spot(attribute?: string): PesSpot {
    const steps = names.map((name, at) => (nodes[at]?.repeats === true ? `${name}[${nodes[at].count}]` : name));
    return { place: `/${steps.join('/')}${attribute === undefined ? '' : `/@${attribute}`}`, line: line() };
  }

  return {
    get wants() { return top.bytes === undefined ? 'nothing' : 'bytes'; },
    open,
    close,
    spot,
    text: () => undefined,
    bytes: (source, from, to) => top.bytes?.(source, from, to),
  };
}

function valueOf({ attributes }: XmlTag): string {
  const [only] = attributes;
  if (only?.local === 'V' && only.namespace === '') return only.value;
  return attributeOf(attributes, 'V') ?? '';
}

/** An attribute without prefix. */
export function attributeOf(attributes: XmlTag['attributes'], name: string): string | undefined {
  for (const { local, namespace, value } of attributes) {
    if (local === name && namespace === '') return value;
  }
  return undefined;
}
