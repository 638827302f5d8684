import { createHash } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import { canonicalForm, canonicalizationOf, DEFAULT_CANONICALIZATION, withoutComments, type Canonicalization } from './canonical-xml.js';
import type { Digests } from './check-cms.js';
import { digestOf, type DigestName } from './digest-algorithms.js';
import { childElement, childElements, elementsOf, isSignature, SIGNATURE_NS } from './xml-document.js';

const ENVELOPED = `${SIGNATURE_NS}enveloped-signature`;
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116';
const NAMES_OF_IDS = ['Id', 'ID', 'id'];

/** Where the references of a signature may lead. */
export interface ReferenceTargets {
  readonly root: Element;
  /** Every element that has an identifier, by it. */
  readonly byId: ReadonlyMap<string, readonly Element[]>;
  readonly signature: Element;
  /** Digests of the file that the signature is beside; null: it has to be in what it signs. */
  readonly beside: Digests | null;
}

/** What a reference that holds covers: an element with all that is in it, or the file beside the signature. */
export type Covered = { readonly element: Element } | { readonly file: true };

/** Digests what a reference of a signature refers to (XMLDSig §4.4.3), and says what it covers, or why it does not hold. */
export function checkReference(reference: Element, targets: ReferenceTargets): Covered | string {
  const digest = digestOf(childElement(reference, 'DigestMethod')?.getAttribute('Algorithm') ?? '');
  if ('refused' in digest) return digest.refused;
  const stated = Buffer.from(textOf(childElement(reference, 'DigestValue')), 'base64');
  const uri = reference.getAttribute('URI');
  const transforms = childElements(reference, 'Transforms').flatMap((one) => childElements(one));
  if (uri === '') return checkElement(targets.root, transforms, targets, { name: digest.name, stated });
  if (uri?.startsWith('#') !== true) return checkFile(uri ?? '', transforms, targets, targets.beside?.get(digest.name)?.equals(stated) === true);
  const element = elementWithId(targets.byId, uri.slice(1));
  return typeof element === 'string' ? element : checkElement(element, transforms, targets, { name: digest.name, stated });
}

function textOf(element: Element | null): string {
  return element?.textContent ?? '';
}

/** The elements of a document by their identifiers. */
export function identifiersOf(root: Element): Map<string, Element[]> {
  const byId = new Map<string, Element[]>();
  for (const element of elementsOf(root)) {
    for (const id of new Set(NAMES_OF_IDS.map((name) => element.getAttribute(name)))) {
      if (id === null) continue;
      const found = byId.get(id);
      if (found === undefined) byId.set(id, [element]);
      else found.push(element);
    }
  }
  return byId;
}

function checkFile(uri: string, transforms: readonly Element[], { beside }: ReferenceTargets, sameDigest: boolean): Covered | string {
  if (beside === null) return `it refers to something outside the document («${uri.slice(0, 100)}»)`;
  if (transforms.length > 0) return 'it transforms the file that it is beside, which is not supported';
  return sameDigest ? { file: true } : 'the document is not the one that was signed (digest)';
}

function checkElement(element: Element, transforms: readonly Element[], { signature }: ReferenceTargets, { name, stated }: { name: DigestName; stated: Buffer }): Covered | string {
  const form = transformed(element, transforms, signature);
  if (form === null) return 'it transforms what it signs in a way that is not taken';
  if (!createHash(name).update(form).digest().equals(stated)) return `«${element.localName ?? ''}» is not as it was when it was signed (digest)`;
  return { element };
}

/** Two elements with one identifier are how a signature is made to cover another element than the one that is read. */
function elementWithId(byId: ReferenceTargets['byId'], id: string): Element | string {
  const found = byId.get(id) ?? [];
  if (found.length > 1) return `the identifier «${id.slice(0, 100)}» occurs ${found.length} times`;
  return found[0] ?? `nothing has the identifier «${id.slice(0, 100)}»`;
}

/** The octets that are digested; null where a transform is none of the safe ones: leaving signatures out, then one
 * canonicalization. */
function transformed(element: Element, transforms: readonly Element[], signature: Element): string | null {
  const leftOut: Element[] = [];
  let canonicalization: Canonicalization | null = null;
  for (const transform of transforms) {
    if (canonicalization !== null) return null;
    const without = signaturesLeftOut(transform, element, signature);
    if (without !== null) leftOut.push(...without);
    else if ((canonicalization = canonicalizationOf(transform)) === null) return null;
  }
  return canonicalForm(element, withoutComments(canonicalization ?? DEFAULT_CANONICALIZATION), [...new Set(leftOut)]);
}

function signaturesLeftOut(transform: Element, element: Element, signature: Element): Element[] | null {
  const algorithm = transform.getAttribute('Algorithm');
  if (algorithm === ENVELOPED) return isBelow(signature, element) ? [signature] : [];
  return algorithm === XPATH && leavesOutSignatures(transform) ? [...elementsOf(element, isSignature)].filter(isSignature) : null;
}

function isBelow(element: Element, top: Element): boolean {
  for (let above = element.parentNode; above !== null; above = above.parentNode) if (above === top) return true;
  return false;
}

/** The one XPath that is taken, since widespread signers write it: all signatures are left out. */
function leavesOutSignatures(transform: Element): boolean {
  const [xpath, ...more] = childElements(transform, 'XPath');
  const prefix = /^\s*not\(\s*ancestor-or-self::([A-Za-z][\w-]*):Signature\s*\)\s*$/.exec(xpath?.textContent ?? '')?.[1];
  return more.length === 0 && prefix !== undefined && xpath?.lookupNamespaceURI(prefix) === SIGNATURE_NS;
}
