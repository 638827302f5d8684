/** What goes wrong over there from now on. `maintenance`, `login-page`: a page with status 200 in place of every answer. `utf8`: refusals come in UTF-8. `not-rgs`:
 * the certificate is no RGS one, so nothing leaves. `no-classification`: none was ever fetched. `hides-lists`: the lists for people are not shown. `files-later`: the
 * files of an act are not given. `gateway-timeout`: what was posted is kept, and answered by 504. */
export const MISHAPS = ['maintenance', 'login-page', 'utf8', 'not-rgs', 'no-classification', 'hides-lists', 'files-later', 'gateway-timeout'] as const;
export type Mishap = (typeof MISHAPS)[number];

/** Switches one on or off by its command, `mishap maintenance`; undefined for what is no such command. */
export function runMishap(typed: string, mishaps: Set<Mishap>): readonly string[] | undefined {
  const [word = '', name = ''] = typed.trim().split(/\s+/);
  const mishap = MISHAPS.find((one) => one === name);
  if (word !== 'mishap' || mishap === undefined) return undefined;
  if (!mishaps.delete(mishap)) mishaps.add(mishap);
  return [`${mishap}: ${mishaps.has(mishap) ? 'from now on' : 'no longer'}`];
}
