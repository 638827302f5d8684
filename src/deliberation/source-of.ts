import type { Authority } from '../domain/authority.js';
import type { SourceSettings } from '../domain/source.js';

/** The application behind an account, where something is said of it. */
export function sourceOf({ users, sources }: Authority, userId: string): SourceSettings | undefined {
  const account = users.get(userId);
  return account && sources.get(account.source);
}
