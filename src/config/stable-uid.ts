import { createHash } from 'node:crypto';

/** The uid of an entry that declares none: 32 hexadecimal digits, the same at each start and on each machine, different in
 * each authority. `names` lead to the entry: its meeting config if it has one, then its id. */
export function stableUid(authority: string, kind: string, ...names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([authority, kind, ...names])).digest('hex').slice(0, 32);
}
