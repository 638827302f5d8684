import type { ReceivedPart } from '../../src/connector-kit/read-form.js';
import { definitionAmong, TYPES } from './simulated-types.js';
import { CmisRefusal, type Content, type Entry, type Values, type Vault } from './simulated-vault.js';

/** A form as it was posted. */
export interface PostedAction {
  readonly action: string;
  readonly objectId: string;
  readonly controls: ReadonlyMap<string, string>;
  readonly values: Values;
  readonly content: Content | null;
}

/** What came of an action; null where there is nothing to tell. */
export type Done = { readonly entry: Entry; readonly workingCopy?: boolean } | null;

/** Properties that have a place of their own. */
const PLACED = ['cmis:name', 'cmis:objectTypeId', 'cmis:secondaryObjectTypeIds'];

/** Texts are in UTF-8 only where the form says so: else they are garbled, as a repository garbles them. */
export function postedAction(parts: readonly ReceivedPart[]): PostedAction {
  const isUtf8 = parts.some(({ name, text }) => name === '_charset_' && text.toUpperCase() === 'UTF-8');
  const controls = new Map(parts.filter(({ filename }) => filename === undefined).map(({ name, text }) => [name, isUtf8 ? text : Buffer.from(text).toString('latin1')]));
  const values: Record<string, readonly string[]> = {};
  for (const [name, id] of controls) {
    const index = /^propertyId\[(\d+)\]$/.exec(name)?.[1];
    if (index !== undefined) values[id] = [...controls].filter(([other]) => other === `propertyValue[${index}]` || other.startsWith(`propertyValue[${index}][`)).map(([, value]) => value);
  }
  const content = parts.find(({ name }) => name === 'content');
  return {
    action: controls.get('cmisaction') ?? '', objectId: controls.get('objectId') ?? '', controls, values,
    content: content === undefined ? null : { sha256: content.sha256, size: content.size },
  };
}

export function actionOf(posted: PostedAction, vault: Vault, account: string): Done {
  const action = ACTIONS[posted.action];
  if (action === undefined) throw new CmisRefusal('notSupported', 'Unknown operation');
  return action(posted, vault, account);
}

const ACTIONS: Readonly<Record<string, (posted: PostedAction, vault: Vault, account: string) => Done>> = {
  createFolder: ({ objectId, values }, vault) => ({ entry: vault.add({ ...described(values), kind: 'cmis:folder', parentId: vault.entry(objectId).id }, null) }),
  createDocument: ({ objectId, values, content }, vault) => ({ entry: vault.add({ ...described(values), kind: 'cmis:document', parentId: vault.entry(objectId).id }, content) }),
  update({ objectId, values }, vault) {
    const entry = vault.entry(objectId);
    entry.values = { ...entry.values, ...knownValues(values, [entry.type, ...entry.aspects]) };
    return { entry };
  },
  setContent({ objectId, content, controls }, vault) {
    const entry = vault.entry(objectId);
    if (controls.get('overwriteFlag') !== 'true') throw new CmisRefusal('contentAlreadyExists', 'The document has a content');
    entry.versions.splice(0, entry.versions.length, { label: '1.0', comment: '', content });
    return { entry };
  },
  checkOut({ objectId }, vault, account) {
    const entry = vault.entry(objectId);
    if (TYPES.get(entry.type)?.versionable !== true) throw new CmisRefusal('constraint', 'The document is not versionable');
    if (entry.checkedOutBy !== null) throw new CmisRefusal('versioning', 'The document is checked out');
    entry.checkedOutBy = account;
    return { entry, workingCopy: true };
  },
  cancelCheckOut({ objectId }, vault) {
    workingCopy(objectId, vault).checkedOutBy = null;
    return null;
  },
  checkIn({ objectId, controls, values, content }, vault) {
    const entry = workingCopy(objectId, vault);
    const known = knownValues(values, [entry.type, ...entry.aspects]);
    vault.addVersion(entry, controls.get('major') === 'true', controls.get('checkinComment') ?? '', content);
    entry.values = { ...entry.values, ...known };
    return { entry };
  },
};

function workingCopy(objectId: string, vault: Vault): Entry {
  const entry = vault.entry(objectId);
  if (!objectId.endsWith(';pwc') || entry.checkedOutBy === null) throw new CmisRefusal('objectNotFound', `There is no working copy ${objectId}`);
  return entry;
}

function described(values: Values): Pick<Entry, 'name' | 'type' | 'aspects' | 'values'> {
  const [type = ''] = values['cmis:objectTypeId'] ?? [];
  const aspects = values['cmis:secondaryObjectTypeIds'] ?? [];
  for (const id of [type, ...aspects]) if (!TYPES.has(id)) throw new CmisRefusal('invalidArgument', `Invalid type: ${id}`);
  return { name: values['cmis:name']?.[0] ?? '', type, aspects, values: knownValues(values, [type, ...aspects]) };
}

function knownValues(values: Values, types: readonly string[]): Values {
  const own = Object.entries(values).filter(([id]) => !PLACED.includes(id));
  for (const [id, texts] of own) {
    const definition = definitionAmong(id, types);
    if (definition === undefined) throw new CmisRefusal('invalidArgument', `${id} is unknown!`);
    if (['integer', 'datetime'].includes(definition.propertyType) && texts.some((text) => !/^-?\d+$/.test(text))) throw new CmisRefusal('invalidArgument', `${id} value is not an ${definition.propertyType} value!`);
  }
  return Object.fromEntries(own);
}
