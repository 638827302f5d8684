import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { textOf, type CmisObject } from './answers.js';
import { idOf, type CmisClient } from './client.js';
import type { CmisSettings } from './config.js';
import { quoted, safeName } from './names.js';

const DEEPEST = 20;

/** A path below the root, as its elements. */
export type Path = readonly string[];

/** The folder of the settings, and the one of the field below it. Throws Refused for a field that means none. */
export function pathsOf(folder: FieldValue | undefined, settings: CmisSettings): { readonly base: Path; readonly path: Path } {
  const base = settings.folder.split('/').filter((name) => name !== '');
  const below = typeof folder === 'string' ? folder.split('/').map((name) => name.trim()).filter((name) => name !== '') : [];
  if (below.length > DEEPEST) throw new Refused(`Field «folder»: found ${below.length} folders within each other, expected ${DEEPEST} at most.`);
  return { base, path: [...base, ...below.map(safeName)] };
}

/** An object of a name in a folder: by its path, and where that finds none, by a search, because some repositories make paths of their own
 * of the names. */
export async function childOf(client: CmisClient, parent: Path, name: string, kind: 'cmis:document' | 'cmis:folder'): Promise<CmisObject | null> {
  const there = await client.object({ path: [...parent, name] });
  if (there !== null) return there;
  const folder = await client.object({ path: parent });
  return folder === null ? null : findIn(client, idOf(folder), name, kind);
}

async function findIn(client: CmisClient, parentId: string, name: string, kind: 'cmis:document' | 'cmis:folder'): Promise<CmisObject | null> {
  const [found] = await client.query(`SELECT * FROM ${kind} WHERE IN_FOLDER(${quoted(parentId)}) AND cmis:name = ${quoted(name)}`);
  return found ?? null;
}

/** Identifier of a folder that is there; null where one on its way is missing. Throws Misconfigured where the one of the settings is. */
export async function findFolder(client: CmisClient, { base, path }: { readonly base: Path; readonly path: Path }): Promise<string | null> {
  let folder = await client.object({ path: base });
  if (folder === null) throw new Misconfigured(`The repository has no folder «/${base.join('/')}», or does not show it to the account. Make it, or correct the setting folder.`);
  requireFolder(folder, base);
  for (const [index, name] of path.entries()) {
    if (index < base.length) continue;
    folder = await client.object({ path: path.slice(0, index + 1) }) ?? await findIn(client, idOf(folder), name, 'cmis:folder');
    if (folder === null) return null;
    requireFolder(folder, path.slice(0, index + 1));
  }
  return idOf(folder);
}

/** Makes what is missing on the way. Somebody may make the same at the same time. */
export async function makeFolder(client: CmisClient, { base, path }: { readonly base: Path; readonly path: Path }, { folderType }: CmisSettings): Promise<string> {
  let parent = await findFolder(client, { base, path: base }) ?? '';
  for (let depth = base.length + 1; depth <= path.length; depth += 1) {
    const upTo = path.slice(0, depth);
    parent = await stepInto(client, parent, upTo, folderType);
  }
  return parent;
}

async function stepInto(client: CmisClient, parentId: string, path: Path, folderType: string): Promise<string> {
  const name = path.at(-1) ?? '';
  const look = async (): Promise<CmisObject | null> => await client.object({ path }) ?? await findIn(client, parentId, name, 'cmis:folder');
  const there = await look();
  if (there !== null) return requireFolder(there, path);
  const made = await client.tryTo({
    action: 'createFolder', objectId: parentId,
    properties: [{ id: 'cmis:objectTypeId', values: [folderType], multi: false }, { id: 'cmis:name', values: [name], multi: false }],
  });
  if (!('failure' in made)) return idOf(made);
  const since = await look();
  if (since === null) throw made.failure;
  return requireFolder(since, path);
}

function requireFolder(object: CmisObject, path: Path): string {
  if (textOf(object, 'cmis:baseTypeId') !== 'cmis:folder') throw new Refused(`«/${path.join('/')}» is no folder in the repository. Move it away, or choose another folder.`);
  return idOf(object);
}
