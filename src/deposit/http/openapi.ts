import { z } from 'zod';
import { ANSWERS, type AnswerName } from './answer-schemas.js';
import { ROUTES, type RouteName } from './routes.js';
import { FORM_FIELDS } from './take-form.js';
import { PARTIAL_UPLOAD } from './uploads.js';

const SUMMARIES: Readonly<Record<string, string>> = {
  'description GET': 'This document.',
  'deposit POST': 'Deposits the files of a form, each an item, or all one item; or one file that a Content-Disposition header names.',
  'deposit OPTIONS': 'Says what resumable uploads have to keep to.',
  'file PUT': 'Deposits one file. With Upload-Complete: ?0, begins a resumable upload with what the body holds.',
  'upload GET': 'Progress of an upload, and its answer once it is complete.',
  'upload HEAD': 'Where to go on with an upload.',
  'upload PATCH': 'Appends to an upload; with Upload-Complete: ?1 the file is whole and is answered as if it had been put.',
  'upload DELETE': 'Gives an upload up.',
  'item GET': 'What has become of an item.',
};

const MEANINGS: Readonly<Record<number, string>> = {
  200: 'Done; for a deposit: the same bytes were received before, and this is their item.',
  201: 'Received and kept; for an upload that goes on: begun.',
  204: 'Done.',
  207: 'The files of the form did not all go the same way.',
  400: 'The request contradicts itself, or something is missing in it.',
  401: 'Credentials are missing or wrong.',
  403: 'The account may not deposit here.',
  404: 'Nothing is there.',
  408: 'The body was cut off, or brought nothing for too long.',
  409: 'Another flow has this name; for an upload: it stands elsewhere (Upload-Offset).',
  413: 'Too large.',
  415: 'The content type or encoding is not taken.',
  422: 'The file is refused: it has to be corrected. Findings tell where.',
  500: 'Relais failed; its log says why.',
  503: 'Relais cannot keep anything now: send it again later.',
  507: 'No room.',
};

const HEADERS: Readonly<Record<string, { readonly description: string; readonly type: string; readonly on: readonly string[] }>> = {
  'Idempotency-Key': { description: 'Names the request: repeated with the same content it is answered with the same item, with another content it is refused.', type: 'string', on: ['file PUT', 'deposit POST'] },
  'Upload-Complete': { description: '?0: more comes; ?1: this is the rest.', type: 'string', on: ['file PUT', 'deposit POST', 'upload PATCH'] },
  'Upload-Length': { description: 'Bytes of the whole file.', type: 'integer', on: ['file PUT', 'deposit POST', 'upload PATCH'] },
  'Upload-Offset': { description: 'Where the body begins in the file.', type: 'integer', on: ['upload PATCH'] },
  'Content-Disposition': { description: 'Name of the file, where the body is one: attachment; filename="flux.xml".', type: 'string', on: ['deposit POST'] },
};

const BINARY = { schema: { type: 'string', format: 'binary' } };

const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'file PUT': { 'application/xml': BINARY, 'application/octet-stream': BINARY },
  'deposit POST': {
    'multipart/form-data': {
      schema: {
        type: 'object',
        properties: {
          file: { type: 'array', items: { type: 'string', format: 'binary' }, description: 'The files; the names of their parts do not matter.' },
          [FORM_FIELDS.manifest]: { type: 'string', description: 'JSON: title, description, externalIdentifier, extra, files (name, title, sha256). All files are then one item.' },
          [FORM_FIELDS.together]: { type: 'string', enum: ['true'], description: 'All files are one item.' },
        },
      },
    },
    'application/octet-stream': BINARY,
  },
  'upload PATCH': { [PARTIAL_UPLOAD]: BINARY },
};

/** What an answer holds that is no problem; none: nothing. */
function contentOf(operation: string, status: number): AnswerName | undefined {
  if (status === 204) return undefined;
  if (operation === 'deposit POST' && status === 207) return 'severalReceived';
  return ({ 'upload GET': 'upload', 'item GET': 'item', 'deposit POST': 'received', 'file PUT': 'received', 'upload PATCH': 'received' } as Readonly<Record<string, AnswerName>>)[operation];
}

/** Describes the routes (OpenAPI 3.1). `path` is that of the authority. */
export function openApiDocument({ path, version }: { readonly path: string; readonly version: string }): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: { title: 'Relais: deposits', version, description: 'Files that become items. What is answered 201 or 200 is kept; anything else left nothing.' },
    servers: [{ url: path === '' ? '/' : path }],
    security: [{ basic: [] }, { certificate: [] }],
    paths: Object.fromEntries((Object.keys(ROUTES) as RouteName[]).map((name) => [ROUTES[name].path, pathItem(name)])),
    components: {
      securitySchemes: { basic: { type: 'http', scheme: 'basic' }, certificate: { type: 'mutualTLS' } },
      schemas: Object.fromEntries(Object.entries(ANSWERS).map(([name, schema]) => [name, jsonSchemaOf(schema)])),
    },
  };
}

function pathItem(name: RouteName): Readonly<Record<string, unknown>> {
  const { path, methods } = ROUTES[name];
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({ name: parameter, in: 'path', required: true, schema: { type: 'string' } }));
  const operations = Object.entries(methods).map(([method, statuses]: [string, readonly number[]]) => [method.toLowerCase(), operationOf(name, method, statuses)]);
  return { ...(parameters.length === 0 ? {} : { parameters }), ...Object.fromEntries(operations) as Record<string, unknown> };
}

function operationOf(name: RouteName, method: string, statuses: readonly number[]): Readonly<Record<string, unknown>> {
  const operation = `${name} ${method}`;
  const headers = Object.entries(HEADERS).filter(([, { on }]) => on.includes(operation));
  const body = BODIES[operation];
  return {
    operationId: `${method.toLowerCase()}${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`,
    summary: SUMMARIES[operation],
    ...(name === 'description' ? { security: [] } : {}),
    ...(headers.length === 0 ? {} : { parameters: headers.map(([header, { description, type }]) => ({ name: header, in: 'header', description, schema: { type } })) }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: body } }),
    responses: Object.fromEntries(statuses.map((status) => [String(status), responseOf(operation, status)])),
  };
}

function responseOf(operation: string, status: number): Readonly<Record<string, unknown>> {
  const description = MEANINGS[status];
  if (status >= 400) return { description, content: { 'application/problem+json': { schema: reference('problem') } } };
  if (operation === 'description GET') return { description, content: { 'application/json': { schema: { type: 'object' } } } };
  const content = contentOf(operation, status);
  if (content === undefined) return { description };
  const more: AnswerName[] = [...(operation === 'deposit POST' && status !== 207 ? ['severalReceived' as const] : []), ...(status === 201 && operation !== 'upload PATCH' ? ['upload' as const] : [])];
  const schema = more.length === 0 ? reference(content) : { anyOf: [content, ...more].map(reference) };
  return { description, content: { 'application/json': { schema } } };
}

function reference(name: AnswerName): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

function jsonSchemaOf(schema: z.ZodType): unknown {
  const { $schema, ...rest } = z.toJSONSchema(schema, { reused: 'inline' });
  return $schema === undefined ? schema : rest;
}
