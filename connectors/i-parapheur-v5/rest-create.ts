import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { XMLParser } from 'fast-xml-parser';
import { isFailure } from '../../src/connector-api/failures.js';
import { readForm, type ReceivedPart } from '../../src/connector-kit/read-form.js';
import { DeskRefusal, type DeskFile, type DeskFolder } from '../../src/signature-desk/desk-folder.js';
import type { DeskType } from '../../src/signature-desk/desk-types.js';
import type { Desk } from '../../src/signature-desk/desk.js';
import { xmlSignaturePlace } from '../../src/signature-book/xml-signature-place.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';
import { subtypeId, typeId } from './rest-types.js';

type Node = Readonly<Record<string, unknown>>;

interface NamedFile {
  readonly name: string;
  readonly main: boolean;
  /** A detached signature of it, base64. */
  readonly signature: string;
}

const RESERVED = 'i_Parapheur_reserved_';
const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, isArray: (name) => name === 'object' || name === 'significantProperties' });

/** Makes the folder of a form: the part `folder` is its PREMIS, the parts `documents` are its files (contracts/iparapheur.md §3.2, §3.3). */
export async function createFromForm(request: IncomingMessage, start: boolean, desk: Desk): Promise<DeskFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-parapheur-'));
  try {
    const parts = await readForm(request, folder);
    const premis = parts.find(({ name }) => name === 'folder');
    if (premis === undefined) throw new DeskRefusal('no-document', 'Required part \'folder\' is not present.');
    const text = premis.path === undefined ? premis.text : await readFile(premis.path, 'utf8');
    return await createFromPremis((parser.parse(text) as { premis?: { object?: Node[] } }).premis?.object ?? [], parts.filter(({ name }) => name === 'documents'), start, desk);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createFromPremis(objects: readonly Node[], documents: readonly ReceivedPart[], start: boolean, desk: Desk): Promise<DeskFolder> {
  const entity = objects.find((object) => object['@type'] === 'intellectualEntity') ?? {};
  const properties = propertiesOf(entity);
  const { type, subtype } = chosenType(desk.types(), properties);
  const title = text(entity['originalName']);
  if (title === '' || /[\r\n]/.test(title)) throw new DeskRefusal('no-document', 'The folder name is not valid.');
  const files = objects.filter((object) => object['@type'] === 'file').map(namedFile);
  const kept: { readonly file: DeskFile & { readonly signatures?: readonly DeskFile[] }; readonly main: boolean }[] = [];
  for (const one of files) kept.push({ file: await keptFile(one, documents, desk), main: one.main });
  const [first] = kept.filter(({ main }) => main);
  const pick = (main: boolean) => kept.filter((one) => one.main === main).map(({ file }) => file);
  return desk.create({
    id: '', title, type, subtype, start, main: pick(true), annexes: pick(false), deadline: (properties.get(`${RESERVED}dueDate`) ?? '').slice(0, '2027-03-01'.length) || null,
    xpath: first === undefined ? null : await placeIn(first.file, desk),
    metadata: Object.fromEntries([...properties].filter(([name]) => !name.startsWith(RESERVED))),
  });
}

/** Over there, the type says where XML is signed; a file that cannot be signed is told when it should be. */
async function placeIn({ filename, mediaType, sha256 }: DeskFile, { files }: Desk): Promise<string | null> {
  if (!/[/+]xml$/.test(mediaType)) return null;
  return xmlSignaturePlace(files.read(sha256), filename).catch((error: unknown) => {
    if (!isFailure(error)) throw error;
    return null;
  });
}

/** By identifier or name. */
function chosenType(types: readonly DeskType[], properties: ReadonlyMap<string, string>): DeskType {
  const [type = '', subtype = ''] = ['type', 'subtype'].map((name) => properties.get(`${RESERVED}${name}`));
  const found = types.find((one) => [one.type, typeId(one)].includes(type) && [one.subtype, subtypeId(one)].includes(subtype));
  if (found === undefined) throw new DeskRefusal('unknown-type', 'The given type or subtype id was not found.');
  return found;
}

function namedFile(object: Node): NamedFile {
  const information = (object['signatureInformation'] as Node | undefined)?.['signature'] as Node | undefined;
  return { name: text(object['originalName']), main: propertiesOf(object).get(`${RESERVED}mainDocument`) === 'true', signature: text(information?.['signatureValue']) };
}

async function keptFile({ name, signature }: NamedFile, documents: readonly ReceivedPart[], { files }: Desk): Promise<DeskFile & { readonly signatures?: readonly DeskFile[] }> {
  const part = documents.find(({ filename }) => filename === name);
  if (part?.path === undefined) throw new DeskRefusal('no-document', `The file ${name} is not among the documents.`);
  const file = { filename: name, mediaType: mediaTypeOf(name), ...await files.keep(createReadStream(part.path) as AsyncIterable<Buffer>) };
  if (signature === '') return file;
  return { ...file, signatures: [{ filename: `${name}.p7s`, mediaType: 'application/pkcs7-signature', ...await files.keep(Readable.from([Buffer.from(signature, 'base64')])) }] };
}

function propertiesOf(object: Node): ReadonlyMap<string, string> {
  const given = (object['significantProperties'] ?? []) as readonly Node[];
  return new Map(given.map((one) => [text(one['significantPropertiesType']), text(one['significantPropertiesValue'])]));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
