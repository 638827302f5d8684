import type { Authority } from '../domain/authority.js';
import type { User } from '../domain/user.js';
import { RelaisError, shown } from '../errors.js';

/** The id here of the user that a caller means (contracts/wsclient.md §7.2): that of `sources`, or the same. Undefined: nobody, the account acts
 * for itself, as when it names itself. `field` is the element that holds what it said. Throws RELAIS_WS4PM_USER where the source takes only
 * users that are mapped. A source that is not configured is taken at its word, whatever it says. */
export function userMeant({ sources }: Pick<Authority, 'sources'>, account: Pick<User, 'id' | 'source'>, theirs: string | undefined, field: string): string | undefined {
  const source = sources.get(account.source);
  if (source === undefined) return theirs;
  const name = theirs?.trim() ?? '';
  if (name === '' || name === account.id) return undefined;
  const ours = source.users.get(name);
  if (ours === undefined && source.unmapped === 'refuse') {
    throw new RelaisError('RELAIS_WS4PM_USER', `${field}: found ${shown(name)}, expected a user who is mapped for ${source.id}; an administrator adds the row to sources, ${source.id}, users.`);
  }
  const meant = ours === undefined ? name : ours;
  return meant === null || meant === account.id ? undefined : meant;
}
