import { expect } from 'chai';
import { ANSWERS, type AnswerName } from '../../src/deposit/http/answer-schemas.js';

interface Response { readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string; readonly anyOf?: readonly { readonly $ref: string }[]; readonly type?: string } }>> }
interface Operation { readonly responses: Readonly<Record<string, Response>> }
export interface OpenApiDocument { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

export interface Answered {
  readonly method: string;
  /** As it was called: `/deposit/finances/flux.xml` */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** Fails where an answer is not as the document describes it; returns `PUT /deposit/{deposit}/{filename} 201`. Addresses that lead nowhere, and methods that
 * are not for an address, are described by what is not there. */
export function expectDocumented(document: OpenApiDocument, { method, path, status, contentType, text }: Answered): string {
  const template = templateOf(document, path);
  const operation = document.paths[template ?? '']?.[method.toLowerCase()];
  if (template === undefined || operation === undefined) {
    expect(status, `${method} ${path} is not described`).to.be.oneOf([404, 405]);
    return `${method} ${path} ${status}`;
  }
  const name = `${method} ${template} ${status}`;
  const response = operation.responses[String(status)];
  expect(response, `${name} is not described`).to.not.equal(undefined);
  if (text !== '') expectContent(name, response?.content, contentType, text);
  else if (method !== 'HEAD') expect(response?.content, `${name} is described with a content, and had none`).to.equal(undefined);
  return name;
}

/** The template with the most fixed parts wins, as OpenAPI asks. */
function templateOf({ paths }: OpenApiDocument, path: string): string | undefined {
  const matching = Object.keys(paths).filter((template) => new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
  return matching.toSorted((one, other) => one.split('{').length - other.split('{').length)[0];
}

function expectContent(name: string, content: Response['content'], contentType: string | undefined, text: string): void {
  const media = content?.[(contentType ?? '').split(';', 1)[0] ?? ''];
  expect(media, `${name}: the content type ${contentType ?? 'nothing'} is not described`).to.not.equal(undefined);
  const { $ref, anyOf, type } = media?.schema ?? {};
  const json: unknown = JSON.parse(text);
  if (type === 'object') return;
  const names = ($ref === undefined ? anyOf ?? [] : [{ $ref }]).map((one) => one.$ref.split('/').at(-1) as AnswerName);
  const problems = names.map((one) => ANSWERS[one].safeParse(json).error?.message);
  expect(problems.includes(undefined), `${name}: ${problems.join(' | ')}`).to.equal(true);
}
