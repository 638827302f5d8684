import { isInstance, isNil } from '../xml/xml-tag.js';
import type { XmlTag } from '../xml/xml-tag.js';
import type { IncomingStruct } from './received-values.js';

/** Gathers an element of which no schema says what it holds (`xsd:anyType`) into structs as `ReceivedAny` describes them. */
export class AnyReader {
  readonly value: IncomingStruct;
  readonly #open: { readonly node: IncomingStruct; readonly children: IncomingStruct[]; text: string }[] = [];

  constructor(tag: XmlTag) {
    this.value = this.#push(tag);
  }

  open(tag: XmlTag): void {
    const parent = this.#open.at(-1);
    const node = this.#push(tag);
    parent?.children.push(node);
  }

  text(text: string): void {
    const node = this.#open.at(-1);
    if (node !== undefined) node.text += text;
  }

  /** False when the element itself closes. */
  close(): boolean {
    const closed = this.#open.pop();
    if (closed !== undefined) closed.node['text'] = closed.text;
    return this.#open.length > 0;
  }

  #push(tag: XmlTag): IncomingStruct {
    const children: IncomingStruct[] = [];
    const type = tag.attributes.find(({ local, namespace }) => local === 'type' && isInstance(namespace))?.value.trim().replace(/^.*:/, '');
    const node: IncomingStruct = { name: tag.local, type: type ?? null, isNil: isNil(tag), text: '', children };
    this.#open.push({ node, children, text: '' });
    return node;
  }
}
