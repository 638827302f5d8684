/** An element of a request, as it came. */
export interface SoapElement {
  readonly namespace: string;
  readonly name: string;
  /** Character data, trimmed; empty for a file. */
  readonly text: string;
  readonly isNil: boolean;
  readonly children: readonly SoapElement[];
  /** What the element of a file holds: kept in the store already. */
  readonly file: { readonly contentType: string; readonly sha256: string; readonly size: number } | null;
}

/** The first child of a name; undefined where there is none. */
export function childOf(element: SoapElement | undefined, name: string): SoapElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Text of a child. Absent, empty and nil are the same to this service (contracts/iparapheur.md §1.2): ''. */
export function textOf(element: SoapElement | undefined, name: string): string {
  return childOf(element, name)?.text ?? '';
}
