import type { StagedBlob } from '../blobs/blob-store.js';
import { Base64Decoder } from '../xml/base64-decoder.js';
import { IncomingBlob, type BlobIntake } from '../soap/blob-intake.js';
import { contentIdOf, XOP } from '../soap/mtom.js';
import { SOAP_11 } from '../soap/request-reader.js';
import { XMLMIME } from '../soap/wsdl-model.js';
import { isNil, type XmlTag } from '../xml/xml-tag.js';
import type { XmlHandler } from '../xml/xml-tokenizer.js';
import type { SoapElement } from './soap-element.js';

interface Node {
  readonly tag: XmlTag;
  readonly children: Node[];
  text: string;
  /** Of a file alone. */
  readonly decoder: Base64Decoder | null;
  incoming: IncomingBlob | null;
}

/** A tree of what an XML document holds, without any schema: a simulator that read by the same description as the client would
 * not see its mistakes. Files go to the store. */
export interface SoapTree {
  readonly handler: XmlHandler;
  /** What has to be kept, once it has settled. */
  blobs(): readonly StagedBlob[];
  /** The one element of the Body, once everything was kept. Throws for a document that is no SOAP 1.1 envelope. */
  request(): SoapElement;
}

/** Whether an element holds a file. */
export type IsFile = (tag: Pick<XmlTag, 'local' | 'attributes'>) => boolean;

/** `parts`: files that the envelope refers to, by content id. `isFile`: by the attribute `contentType` if not given, which some services require. */
export function buildSoapTree(intake: BlobIntake, parts: Map<string, IncomingBlob>, isFile: IsFile = (tag) => contentTypeOf(tag) !== undefined): SoapTree {
  const open: Node[] = [];
  const files = new Set<IncomingBlob>();
  let root: Node | undefined;

  function top(): Node | undefined {
    return open.at(-1);
  }

  return {
    handler: {
      get wants() { return (top()?.decoder ?? null) === null ? 'text' : 'bytes'; },
      open(tag) {
        const parent = top();
        if (tag.namespace === XOP && parent !== undefined) refer(parent, tag, parts);
        const node: Node = { tag, children: [], text: '', decoder: isFile(tag) ? new Base64Decoder() : null, incoming: null };
        if (parent === undefined) root = node;
        else if (tag.namespace !== XOP) parent.children.push(node);
        open.push(node);
      },
      text(text) {
        const node = top();
        if (node !== undefined) node.text += text;
      },
      bytes(source, from, to) {
        const node = top();
        const piece = source.toString('latin1', from, to);
        if (node === undefined || node.decoder === null || piece.trim() === '') return;
        node.incoming ??= new IncomingBlob();
        intake.write(node.incoming, node.decoder.push(piece));
      },
      close() {
        const node = open.pop();
        if (node === undefined || node.decoder === null) return;
        const isPart = node.incoming !== null && [...parts.values()].includes(node.incoming);
        node.incoming ??= new IncomingBlob();
        files.add(node.incoming);
        if (isPart) return;
        node.decoder.end();
        intake.finish(node.incoming);
      },
    },
    blobs: () => [...files].flatMap(({ blob }) => (blob === undefined ? [] : [blob])),
    request: () => requestIn(root),
  };
}

function refer(node: Node, tag: XmlTag, parts: Map<string, IncomingBlob>): void {
  const id = contentIdOf(tag);
  if (id === undefined) throw new Error('an xop:Include refers to no part');
  const incoming = parts.get(id) ?? new IncomingBlob();
  parts.set(id, incoming);
  node.incoming = incoming;
}

function requestIn(root: Node | undefined): SoapElement {
  const body = root?.children.find(({ tag }) => tag.local === 'Body' && tag.namespace === SOAP_11);
  const request = body?.children[0];
  if (root?.tag.local !== 'Envelope' || root.tag.namespace !== SOAP_11 || request === undefined) throw new Error('the message is no SOAP 1.1 envelope with a request');
  return elementOf(request);
}

function elementOf({ tag, children, text, incoming }: Node): SoapElement {
  return {
    namespace: tag.namespace,
    name: tag.local,
    text: text.trim(),
    isNil: isNil(tag),
    children: children.map(elementOf),
    file: incoming?.blob === undefined ? null : { contentType: contentTypeOf(tag) ?? '', sha256: incoming.blob.sha256, size: incoming.blob.size },
  };
}

function contentTypeOf({ attributes }: Pick<XmlTag, 'attributes'>): string | undefined {
  return attributes.find(({ local, namespace }) => local === 'contentType' && namespace === XMLMIME)?.value;
}
