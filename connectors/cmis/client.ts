import type { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { NotSent, nothingSent, OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { multipartBody, type FormPart } from '../../src/connector-api/multipart.js';
import type { Annex } from '../../src/domain/item.js';
import { cmisObject, queryResults, textOf, typeDefinition, type CmisObject, type TypeDefinition } from './answers.js';
import type { CmisSettings } from './config.js';
import { cmisFailure, type CmisFailure } from './failure.js';
import { headersOf, openRepository, parsed } from './repository.js';

/** An object by its identifier, or by its path from the root. */
export type Place = { readonly objectId: string } | { readonly path: readonly string[] };

export interface Action {
  readonly action: string;
  readonly objectId: string;
  /** Values by the name of the control; several of one name are not told apart by an index here. */
  readonly controls?: Readonly<Record<string, string>>;
  readonly properties?: readonly Property[];
  readonly file?: { readonly annex: Annex; readonly name: string } | null;
}

/** Values as the binding wants them: texts. */
export interface Property {
  readonly id: string;
  readonly values: readonly string[];
  /** Several values are possible. */
  readonly multi: boolean;
}

/** One call after another to a repository. */
export interface CmisClient {
  /** Null only where the repository itself says that there is none. */
  object(place: Place, latest?: boolean): Promise<CmisObject | null>;
  /** Answers of another selector about an object. */
  ask<Value>(objectId: string, selector: string, schema: z.ZodType<Value>): Promise<Value>;
  query(statement: string): Promise<readonly CmisObject[]>;
  type(id: string): Promise<TypeDefinition>;
  /** Changes something: throws what it means where it fails. */
  act(action: Action): Promise<CmisObject>;
  /** As `act`; a failure is handed back with the exception behind it. */
  tryTo(action: Action): Promise<CmisObject | CmisFailure>;
  /** Throws a working copy away: the document is as it was. */
  giveBack(objectId: string): Promise<void>;
}

/** The repository of these settings. */
export function cmisClient(settings: CmisSettings, context: Pick<ConnectorContext, 'http' | 'clock' | 'blobs' | 'signal'>): CmisClient {
  const repository = openRepository(settings, context);
  const { who } = repository;

  async function object(place: Place, latest = false): Promise<CmisObject | null> {
    const { rootFolderUrl } = await repository.addresses();
    const path = 'path' in place ? place.path.map((name) => `/${encodeURIComponent(name)}`).join('') : '';
    const words = { cmisselector: 'object', succinct: 'true', ...('objectId' in place && { objectId: place.objectId }), ...(latest && { returnVersion: 'latest' }) };
    const answer = await repository.get(withWords(`${rootFolderUrl}${path}`, words));
    if (answer.status === 200) return parsed(answer, cmisObject, who).catch((error: unknown) => { throw nothingSent(error); });
    const { failure, exception } = await cmisFailure(answer, who, context.clock.now());
    if (exception === 'objectNotFound') return null;
    throw nothingSent(failure);
  }

  async function post(action: Action): Promise<HttpAnswer> {
    const { rootFolderUrl } = await repository.addresses();
    const { headers, body } = multipartBody(partsOf(action), context);
    return context.http({ method: 'POST', url: rootFolderUrl, headers: { ...headersOf(settings), ...headers }, body, ...reachOf(settings, action.file?.annex.size ?? 0) });
  }

  async function tryTo(action: Action): Promise<CmisObject | CmisFailure> {
    const answer = await post(action);
    return answer.status === 200 || answer.status === 201 ? parsed(answer, cmisObject, who) : cmisFailure(answer, who, context.clock.now());
  }

  return {
    object, tryTo,
    async ask(objectId, selector, schema) {
      return repository.read(withWords((await repository.addresses()).rootFolderUrl, { cmisselector: selector, objectId, succinct: 'true' }), schema);
    },
    async query(statement) {
      const { repositoryUrl } = await repository.addresses();
      return (await repository.read(withWords(repositoryUrl, { cmisselector: 'query', q: statement, succinct: 'true', searchAllVersions: 'false', maxItems: '10' }), queryResults)).results;
    },
    type: (id) => repository.type(id, async () => repository.read(withWords((await repository.addresses()).repositoryUrl, { cmisselector: 'typeDefinition', typeId: id }), typeDefinition)),
    async act(action) {
      const done = await tryTo(action);
      if ('failure' in done) throw done.exception === 'objectNotFound' ? new NotSent(done.failure.message, { cause: done.failure }) : done.failure;
      return done;
    },
    async giveBack(objectId) {
      const answer = await post({ action: 'cancelCheckOut', objectId });
      if (answer.status >= 300) throw (await cmisFailure(answer, who, context.clock.now())).failure;
      answer.body.destroy();
    },
  };
}

/** Identifier of an object. Throws OutcomeUnknown where the answer lacks it. */
export function idOf(object: CmisObject): string {
  const id = textOf(object, 'cmis:objectId');
  if (id === null) throw new OutcomeUnknown('The repository answered without the identifier of the object.');
  return id;
}

/** Without `_charset_`, texts are taken for ISO-8859-1; the content comes last. */
function partsOf({ action, objectId, controls = {}, properties = [], file = null }: Action): readonly FormPart[] {
  const named = { _charset_: 'UTF-8', cmisaction: action, objectId, succinct: 'true', ...controls, ...(file !== null && { filename: file.name, contenttype: file.annex.mediaType }) };
  const texts = [...Object.entries(named), ...properties.flatMap(({ id, values, multi }, index) => [
    [`propertyId[${index}]`, id] as const,
    ...values.map((value, at) => [multi ? `propertyValue[${index}][${at}]` : `propertyValue[${index}]`, value] as const),
  ])];
  const parts: FormPart[] = texts.map(([name, text]) => ({ name, text, mediaType: 'text/plain' }));
  return file === null ? parts : [...parts, { name: 'content', annex: file.annex, filename: 'content' }];
}

function withWords(url: string, words: Readonly<Record<string, string>>): string {
  return `${url}?${new URLSearchParams(words).toString()}`;
}

