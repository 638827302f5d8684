/** Parameters of a call. A list is repeated, because commas are not split over there; `true` is written bare (contracts/plonemeeting-rest.md §1): there is
 * no other way to write it, because what is left out is false. */
export type Query = Readonly<Record<string, string | number | true | readonly string[] | undefined>>;

/** `?a=1&b=x&b=y`, percent-encoded; empty where there is nothing to ask. */
export function queryText(query: Query): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const name = encodeURIComponent(key);
    if (value === true) parts.push(name);
    else for (const one of typeof value === 'object' ? value : [value]) parts.push(`${name}=${encodeURIComponent(one)}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** `in_name_of`, left out for nobody: an empty one is an unknown user over there (contracts/plonemeeting-rest.md §2.1). */
export function inNameOf(user: string | null): { readonly in_name_of?: string } {
  return user === null || user === '' ? {} : { in_name_of: user };
}
