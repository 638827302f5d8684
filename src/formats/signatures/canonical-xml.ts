import type { Element } from '@xmldom/xmldom';
import { C14nCanonicalization, C14nCanonicalizationWithComments, ExclusiveCanonicalization, ExclusiveCanonicalizationWithComments } from 'xml-crypto';

const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const MAKERS: Readonly<Record<string, new () => { process(element: unknown, options: object): string }>> = {
  [INCLUSIVE]: C14nCanonicalization,
  [`${INCLUSIVE}#WithComments`]: C14nCanonicalizationWithComments,
  // 1.1 differs in attributes like xml:id on the ancestors of what is signed
  'http://www.w3.org/2006/12/xml-c14n11': C14nCanonicalization,
  [EXCLUSIVE]: ExclusiveCanonicalization,
  [`${EXCLUSIVE}WithComments`]: ExclusiveCanonicalizationWithComments,
};

const WITHOUT_COMMENTS: Readonly<Record<string, string>> = { [`${INCLUSIVE}#WithComments`]: INCLUSIVE, [`${EXCLUSIVE}WithComments`]: EXCLUSIVE };

/** How an element is made canonical: the algorithm, and the prefixes that the exclusive ones treat as the inclusive do. */
export interface Canonicalization {
  readonly algorithm: string;
  readonly prefixes: readonly string[];
}

export const DEFAULT_CANONICALIZATION: Canonicalization = { algorithm: INCLUSIVE, prefixes: [] };
export const EXCLUSIVE_CANONICALIZATION: Canonicalization = { algorithm: EXCLUSIVE, prefixes: [] };

/** What a CanonicalizationMethod or a Transform asks for; null when it is no canonicalization that we know. */
export function canonicalizationOf(element: Element): Canonicalization | null {
  const algorithm = element.getAttribute('Algorithm') ?? '';
  if (MAKERS[algorithm] === undefined) return null;
  const inclusive = [...element.childNodes].find((node) => (node as Element).localName === 'InclusiveNamespaces') as Element | undefined;
  return { algorithm, prefixes: (inclusive?.getAttribute('PrefixList') ?? '').split(/\s+/).filter((prefix) => prefix !== '') };
}

/** What a reference is digested with: a same-document reference has no comments (XMLDSig §4.4.3.3). */
export function withoutComments({ algorithm, prefixes }: Canonicalization): Canonicalization {
  return { algorithm: WITHOUT_COMMENTS[algorithm] ?? algorithm, prefixes };
}

/** The canonical form of an element and what is in it, but for `leftOut`: elements below it. Throws where a node cannot be made
 * canonical. */
export function canonicalForm(element: Element, { algorithm, prefixes }: Canonicalization, leftOut: readonly Element[] = []): string {
  const Maker = MAKERS[algorithm];
  if (Maker === undefined) throw new TypeError(`no canonicalization ${algorithm}`);
  const places = leftOut.map((one) => ({ one, parent: one.parentNode, next: one.nextSibling }));
  places.forEach(({ one, parent }) => parent?.removeChild(one));
  try {
    return new Maker().process(element, { ancestorNamespaces: namespacesAbove(element), inclusiveNamespacesPrefixList: [...prefixes] });
  } finally {
    // from the last on, so that a neighbour that was taken out as well is back before it is needed
    places.reverse().forEach(({ one, parent, next }) => parent?.insertBefore(one, next));
  }
}

/** The namespaces in scope around an element, the nearest binding of each prefix. Not those that the element declares or uses itself: the
 * library writes these of its own accord. */
function namespacesAbove(element: Element): { prefix: string; namespaceURI: string }[] {
  const found = new Map<string, string>([[element.prefix ?? '', '']]);
  addNamespaces(element, found, () => '');
  for (let above = element.parentNode as Element | null; above?.nodeType === 1; above = above.parentNode as Element | null) addNamespaces(above, found, (value) => value);
  return [...found].filter(([, namespaceURI]) => namespaceURI !== '').map(([prefix, namespaceURI]) => ({ prefix, namespaceURI }));
}

function addNamespaces({ attributes }: Element, found: Map<string, string>, written: (value: string) => string): void {
  for (const { name, value } of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    const prefix = name.slice('xmlns:'.length);
    if (!found.has(prefix)) found.set(prefix, written(value));
  }
}
