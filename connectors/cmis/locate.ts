import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import { textOf, type CmisObject } from './answers.js';
import { idOf, type CmisClient } from './client.js';
import type { CmisSettings } from './config.js';
import { childOf, type Path } from './folders.js';
import { quoted, withSuffix } from './names.js';
import type { PlannedDocument } from './plan.js';
import { definitionOf, definitionsOf } from './properties.js';
import { hasVersion } from './versions.js';

const MOST_NAMES = 100;

/** Where a document stands: it is there, its name is free, or it is to be a version of one that has the name. */
export type Standing = { readonly id: string } | { readonly free: string } | { readonly versionOf: string };

/** Looks for a document in its folder, and where it is not there, wherever its key is. `mark`: that of a version. Throws Refused where the
 * name is taken and that is to fail. */
export async function locate(client: CmisClient, folder: Path, document: PlannedDocument, mark: string, settings: CmisSettings): Promise<Standing> {
  const { key, onConflict } = settings;
  const there = await inFolder(client, folder, document, mark, settings);
  if ('id' in there || key === undefined) return there;
  const elsewhere = await byKey(client, document.key, settings);
  if (elsewhere !== null) return { id: elsewhere };
  if ('taken' in there) throw new Refused(`«/${[...folder, there.taken].join('/')}» is there already and is not of this delivery. Rename it, or choose what happens then by the setting onConflict (now ${onConflict}).`);
  return there;
}

async function inFolder(client: CmisClient, folder: Path, document: PlannedDocument, mark: string, { key, onConflict }: CmisSettings): Promise<Standing | { readonly free: string; readonly taken: string }> {
  for (let number = 1; number <= MOST_NAMES; number += 1) {
    const name = number === 1 ? document.name : withSuffix(document.name, `-${number}`);
    const there = await childOf(client, folder, name, 'cmis:document');
    if (there === null) return { free: name };
    if (isOurs(there, document, key)) return { id: idOf(there) };
    if (onConflict === 'fail' || textOf(there, 'cmis:baseTypeId') !== 'cmis:document') return { free: name, taken: name };
    if (onConflict === 'version') return await hasVersion(client, idOf(there), mark) ? { id: idOf(there) } : { versionOf: idOf(there) };
  }
  throw new Refused(`There are ${MOST_NAMES} documents called «${document.name}» in «/${folder.join('/')}» already. Choose another folder or name.`);
}

/** By the key, or by the name, which then holds our mark. */
function isOurs(object: CmisObject, document: PlannedDocument, key: CmisSettings['key']): boolean {
  return key === undefined || textOf(object, key.property) === document.key;
}

/** The document that has a key, wherever it was moved and however it was renamed; null where a search finds none. */
async function byKey(client: CmisClient, value: string, settings: CmisSettings): Promise<string | null> {
  const { key } = settings;
  if (key === undefined) return null;
  const types = await definitionsOf(client, [...new Set([...key.aspect === undefined ? [] : [key.aspect], settings.type])]);
  const definition = definitionOf(key.property, types);
  const holder = types.find((type) => type.propertyDefinitions?.[key.property] !== undefined);
  if (definition === undefined || holder === undefined) throw new Misconfigured(`The setting key names the property «${key.property}», which ${types.map(({ id }) => id).join(' and ')} lack.`);
  if (typeof holder.queryName !== 'string' || typeof definition.queryName !== 'string') return null;
  const [found] = await client.query(`SELECT * FROM ${holder.queryName} WHERE ${definition.queryName} = ${quoted(value)}`);
  return found === undefined ? null : idOf(found);
}
