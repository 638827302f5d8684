import type { XmlTag } from '../../xml/xml-tag.js';
import type { PesFindings, PesSpot } from './pes-findings.js';
import { attributeOf } from './pes-handler.js';
import { COMPARED } from './pes-ids.js';
import { outline, type PesNode } from './pes-outline.js';

const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** References of one signature: two for XAdES, a few more at most. */
const REFERENCES = 100;

interface OpenSignature {
  readonly spot: PesSpot;
  readonly uris: string[];
}

export interface SignatureOwner {
  /** What is open and may be signed: the slip, else the file. */
  readonly slip: { readonly id: string | null; sign(): void } | undefined;
  readonly rootId: string | null;
}

/** Finds signatures of the slips and of the file and what they refer to (contracts/pes-actes-formats.md §A4). Whether they hold is not
 * looked at here. */
export function signatureReader(owner: () => SignatureOwner, spot: (attribute?: string) => PesSpot, findings: PesFindings) {
  const referred = new Set<string>();
  let open: OpenSignature | undefined;
  let isFileSigned = false;

  function begin(tag: XmlTag): void {
    open = tag.namespace === XMLDSIG ? { spot: spot(), uris: [] } : undefined;
  }

  function refer(tag: XmlTag): void {
    const uri = attributeOf(tag.attributes, 'URI');
    if (uri === undefined || open === undefined) return;
    if (open.uris.length < REFERENCES) open.uris.push(uri);
    if (uri.startsWith('#') && referred.size < COMPARED) referred.add(uri.slice(1));
  }

  function end(): void {
    if (open === undefined) return;
    const { slip, rootId } = owner();
    const covers = (id: string | null): boolean => id !== null && (open?.uris.includes(`#${id}`) ?? false);
    if (open.uris.includes('') || covers(rootId)) isFileSigned = true;
    else if (slip !== undefined && covers(slip.id)) slip.sign();
    else refuse(open, slip === undefined ? rootId : slip.id);
    open = undefined;
  }

  function refuse({ spot: where, uris }: OpenSignature, id: string | null): void {
    const found = uris.map((uri) => `«${uri.slice(0, 60)}»`).join(', ');
    findings.error('A4', where, {
      en: `the signature refers to ${found === '' ? 'nothing' : found}; expected ${id === null ? 'an element with an Id' : `«#${id}»`}, what it stands in`,
      fr: `la signature désigne ${found === '' ? 'rien' : found} ; attendu : ${id === null ? 'un élément qui a un Id' : `«#${id}»`}, l'élément qui la contient`,
    });
  }

  const inside = outline({ 'SignedInfo/Reference': { open: refer } });
  const node: PesNode = { ...inside, open: begin, close: end };
  return { node, referred, isFileSigned: () => isFileSigned };
}
