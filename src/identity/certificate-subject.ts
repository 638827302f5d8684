/** Brings an RFC 2253 subject into one form, so that `CN = ged, O=Ville` and `cn=ged,o=Ville` are the same: types in
 * capitals, no spaces around separators, values untouched but for escapes of plain characters. Returns null for a text
 * that is not a list of `TYPE=value`. */
export function normaliseSubject(subject: string): string | null {
  const parts = subject.trim().match(/(?:\\.|[^\\,+])+|[,+]/g);
  if (parts === null) return null;
  const normalised: string[] = [];
  for (const [index, part] of parts.entries()) {
    const separator = index % 2 === 1;
    if (separator !== /^[,+]$/.test(part)) return null;
    const attribute = separator ? part : normaliseAttribute(part);
    if (attribute === null) return null;
    normalised.push(attribute);
  }
  return normalised.length % 2 === 1 ? normalised.join('') : null;
}

function normaliseAttribute(part: string): string | null {
  const match = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*((?:\\.|[^\\])*?)\s*$/.exec(part);
  if (match?.[1] === undefined || match[2] === undefined || match[2] === '') return null;
  const value = match[2].replace(/\\([^,+"\\<>;=# 0-9A-Fa-f])/g, '$1');
  return `${match[1].toUpperCase()}=${value}`;
}
