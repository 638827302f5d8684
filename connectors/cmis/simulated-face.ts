import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply } from '../../src/connector-kit/http-text.js';
import { actionOf, type PostedAction } from './simulated-action.js';
import { definitionAmong, TYPES } from './simulated-types.js';
import { CmisRefusal, type Entry, type Values, type Vault } from './simulated-vault.js';

export const ACCOUNT = 'relais';
const REPOSITORY = '-default-';
const STATUS: Readonly<Record<string, number>> = {
  objectNotFound: 404, permissionDenied: 403, notSupported: 405, invalidArgument: 400, filterNotValid: 400, constraint: 409, nameConstraintViolation: 409, contentAlreadyExists: 409, updateConflict: 409, versioning: 409,
};

/** `/browser` below the host, as Alfresco has it at the end of a longer path. */
export const BROWSER = '/alfresco/api/-default-/public/cmis/versions/1.1/browser';

/** What can be asked without changing anything. `ownPaths`: the repository makes paths of its own of names. */
export function answerQuestion({ pathname, searchParams }: URL, vault: Vault, ownPaths: boolean): HttpReply {
  const selector = searchParams.get('cmisselector') ?? '';
  return orException(() => (pathname === BROWSER ? ofRepository(selector, searchParams, vault) : ofObject(pathname, selector, searchParams, vault, ownPaths)));
}

function ofRepository(selector: string, words: URLSearchParams, vault: Vault): HttpReply {
  if (selector === '') return jsonReply(repositories());
  if (selector === 'typeDefinition') return typeReply(words.get('typeId') ?? '');
  if (selector !== 'query') throw new CmisRefusal('notSupported', 'Unknown operation');
  return jsonReply({ results: search(words.get('q') ?? '', vault).map((entry) => objectOf(entry, vault)), hasMoreItems: false });
}

function ofObject(pathname: string, selector: string, words: URLSearchParams, vault: Vault, ownPaths: boolean): HttpReply {
  if (!pathname.startsWith(`${BROWSER}/root`)) throw new CmisRefusal('notSupported', 'Unknown operation');
  const names = pathname.slice(`${BROWSER}/root`.length).split('/').filter((name) => name !== '').map(decodeURIComponent);
  const entry = addressed(names, words.get('objectId'), vault, ownPaths);
  if (selector === 'versions') return jsonReply(entry.versions.map((_version, index) => objectOf(entry, vault, index)).toReversed());
  if (selector !== 'object') throw new CmisRefusal('notSupported', 'Unknown operation');
  return jsonReply(objectOf(entry, vault));
}

function addressed(names: readonly string[], objectId: string | null, vault: Vault, ownPaths: boolean): Entry {
  if (objectId !== null) return vault.entry(objectId);
  const found = ownPaths && names.some((name) => /[^\w.-]/.test(name)) ? undefined : vault.at(names);
  if (found === undefined) throw new CmisRefusal('objectNotFound', `Object not found: /${names.join('/')}`);
  return found;
}

/** What changes something, carried out. */
export function carryOut(posted: PostedAction, vault: Vault): HttpReply {
  return orException(() => {
    const done = actionOf(posted, vault, ACCOUNT);
    return done === null ? { status: 200, headers: { 'content-type': 'text/html' } } : jsonReply(done.workingCopy === true ? workingCopyOf(done.entry, vault) : objectOf(done.entry, vault), 201);
  });
}

function orException(work: () => HttpReply): HttpReply {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CmisRefusal)) throw error;
    return exceptionReply(error.exception, error.message);
  }
}

export function exceptionReply(exception: string, message: string): HttpReply {
  return jsonReply({ exception, message }, STATUS[exception] ?? 500);
}

/** Addresses as a repository behind a proxy names them: another host than the one that was called. */
function repositories(): object {
  const url = `http://alfresco.internal:8080${BROWSER}`;
  return { [REPOSITORY]: { repositoryId: REPOSITORY, repositoryName: '', productName: 'simulated', repositoryUrl: url, rootFolderUrl: `${url}/root`, rootFolderId: 'root', cmisVersionSupported: '1.1' } };
}

function typeReply(id: string): HttpReply {
  const type = TYPES.get(id);
  if (type === undefined) throw new CmisRefusal('objectNotFound', `Type ${id} is unknown`);
  return jsonReply(type);
}

const STATEMENT = /^SELECT \* FROM (\S+) WHERE (?:IN_FOLDER\('((?:\\.|[^'\\])*)'\) AND )?(\S+) = '((?:\\.|[^'\\])*)'$/;

/** The statements of the connector; another is a mistake. */
function search(statement: string, vault: Vault): readonly Entry[] {
  const [, from = '', folder, property = '', value = ''] = STATEMENT.exec(statement) ?? [];
  const type = [...TYPES.values()].find(({ queryName }) => queryName === from);
  if (type === undefined) throw new CmisRefusal('invalidArgument', `Cannot parse: ${statement}`);
  const [parent, wanted] = [folder, value].map((text) => text?.replace(/\\(.)/g, '$1'));
  const isOf = (entry: Entry): boolean => entry.kind === type.id || entry.type === type.id || entry.aspects.includes(type.id);
  return vault.entries().filter((entry) => isOf(entry) && entry.parentId !== 'trash' && (parent === undefined || entry.parentId === parent)
    && (property === 'cmis:name' ? entry.name === wanted : entry.values[property]?.[0] === wanted));
}

/** Succinct, as it was asked for. */
function objectOf(entry: Entry, vault: Vault, index = entry.versions.length - 1): object {
  const { id, kind, name, type, aspects, values, versions, checkedOutBy } = entry;
  const version = versions[index];
  const base = { 'cmis:objectId': version === undefined ? id : `${id};${version.label}`, 'cmis:name': name, 'cmis:baseTypeId': kind, 'cmis:objectTypeId': type, 'cmis:secondaryObjectTypeIds': aspects, ...typedValues(values, [type, ...aspects]) };
  if (version === undefined) return { succinctProperties: { ...base, 'cmis:path': vault.pathOf(entry) } };
  return { succinctProperties: {
    ...base, 'cmis:versionSeriesId': id, 'cmis:versionLabel': version.label, 'cmis:checkinComment': version.comment, 'cmis:contentStreamLength': version.content?.size ?? null,
    'cmis:isVersionSeriesCheckedOut': checkedOutBy !== null, 'cmis:versionSeriesCheckedOutBy': checkedOutBy, 'cmis:versionSeriesCheckedOutId': checkedOutBy === null ? null : `${id};pwc`,
  } };
}

function workingCopyOf(entry: Entry, vault: Vault): object {
  const { succinctProperties } = objectOf(entry, vault) as { succinctProperties: object };
  return { succinctProperties: { ...succinctProperties, 'cmis:objectId': `${entry.id};pwc` } };
}

/** As JSON has them: numbers, booleans, moments in milliseconds, lists. */
function typedValues(values: Values, types: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([id, texts]) => {
    const { propertyType = 'string', cardinality = 'single' } = definitionAmong(id, types) ?? {};
    const read = texts.map((text) => (propertyType === 'boolean' ? text === 'true' : ['integer', 'decimal', 'datetime'].includes(propertyType) ? Number(text) : text));
    return [id, cardinality === 'multi' ? read : read[0] ?? null];
  }));
}
