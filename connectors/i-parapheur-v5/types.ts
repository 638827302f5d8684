import { Refused } from '../../src/connector-api/failures.js';
import { element } from './api.js';
import { byName, namesOf, type Named, type Session } from './session.js';

const TYPES = '/types/creation-allowed';

export interface ChosenType {
  readonly type: Named;
  readonly subtype: Named;
}

/** The type and sub-type over there, by identifier or name. They may have been made a moment ago, so a name that is not known is asked
 * for anew; one that is known may have been removed since, which the other side then says. Throws Refused, naming those that
 * the desk may use. */
export async function chooseType(session: Session, wanted: { readonly type: string; readonly subtype: string }): Promise<ChosenType> {
  const type = await chooseOneType(session, wanted.type);
  return { type, subtype: await choose(session, subtypes(type), 'subtype', wanted.subtype) };
}

export function chooseOneType(session: Session, wanted: string): Promise<Named> {
  return choose(session, TYPES, 'type', wanted);
}

/** Names of all that the desk may use. */
export async function allTypes(session: Session): Promise<{ readonly type: readonly string[]; readonly subtype: readonly string[] }> {
  const types = await session.list(TYPES, true);
  const names = new Set<string>();
  for (const type of types) for (const { name } of await session.list(subtypes(type), true)) names.add(name);
  return { type: types.map(({ name }) => name), subtype: [...names] };
}

function subtypes({ id }: Named): string {
  return `/types/${element(id)}/subtypes/creation-allowed`;
}

async function choose(session: Session, path: string, field: string, wanted: string): Promise<Named> {
  const found = byName(await session.list(path), wanted) ?? byName(await session.list(path, true), wanted);
  if (found !== undefined) return found;
  throw new Refused(`Field «${field}»: found «${wanted}», expected one that the desk may create folders of: ${namesOf(await session.list(path))}.`);
}
