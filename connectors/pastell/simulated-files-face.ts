import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { requireEditable, requireIdle, requireMethod, type Call } from './simulated-call.js';
import { detailOf, editResult } from './simulated-detail.js';
import { stateOf, type DocumentFile, type SimulatedDocument } from './simulated-document.js';
import { extractFlow } from './simulated-extraction.js';
import type { Field } from './simulated-fields.js';
import { forgetTypology, mediaTypeOf } from './simulated-form.js';
import { textOf } from './simulated-php.js';
import { PastellRefusal, prettyReply } from './simulated-reply.js';
import { enter, note, typeNamed, type PastellWorld } from './simulated-world.js';

/** `…/file/{field}[/{num}]` (contracts/pastell.md §4.4). */
export async function fileFace(document: SimulatedDocument, call: Call): Promise<HttpReply> {
  const { method, path: [name, number = '0'], world } = call;
  requireMethod(call, 'GET', 'POST', ...world.release.deletes ? ['DELETE'] : []);
  const field = requiredField(document, name, world);
  if (method === 'GET') return download(document, field, Number(number), call);
  requireIdle(document);
  requireMayChange(document, field, world);
  if (method === 'DELETE') {
    document.files[field.name] = (document.files[field.name] ?? []).filter((_, index) => index !== Number(number));
    forgetTypology(document);
    return prettyReply(detailOf(document, world));
  }
  await put(document, field, Number(number), await uploaded(call), world);
  return prettyReply(editResult(document, world), 201);
}

async function uploaded({ files, fields, world }: Call): Promise<DocumentFile> {
  const part = files.find(({ name }) => name === 'file_content');
  const filename = textOf(fields['file_name']) || part?.filename || '';
  if (filename === '') throw new PastellRefusal(400, 'Le paramètre file_name est obligatoire.');
  if (/\.(docx?|odt)$/i.test(filename)) throw new PastellRefusal(400, `Le document ${filename} ne peut pas être converti : aucun convertisseur n'est associé.`);
  if (part?.path === undefined && fields['file_content'] === undefined) throw new PastellRefusal(400, 'Le paramètre file_content est obligatoire.');
  const content = part?.path === undefined ? Readable.from([Buffer.from(textOf(fields['file_content']))]) : createReadStream(part.path) as AsyncIterable<Buffer>;
  return { filename, ...await world.state.files.keep(content) };
}

/** A file in its place; what comes after the last one is added at the end. */
async function put(document: SimulatedDocument, { name, multiple }: Field, number: number, file: DocumentFile, world: PastellWorld): Promise<void> {
  const before = multiple === true ? document.files[name] ?? [] : [];
  document.files[name] = number < before.length ? before.map((one, index) => (index === number ? file : one)) : [...before, file];
  if (name === 'arrete' || name === 'autre_document_attache') forgetTypology(document);
  if (name === 'fichier_pes') await extractFlow(document, file, world);
  const { staysWhenEdited } = typeNamed(document.type, world).actions[stateOf(document).action] ?? {};
  document.editedAt = world.clock.now();
  if (staysWhenEdited !== true) enter(document, 'modification', 'Modification du document', world);
}

function download(document: SimulatedDocument, { name }: Field, number: number, { query, world }: Call): HttpReply | Promise<HttpReply> {
  const file = document.files[name]?.[number];
  if (file === undefined) throw new PastellRefusal(404, `Il n'y a pas de fichier ${number} dans le champ ${name}.`);
  note(document, 7, 'Consulté', `Consultation du fichier ${file.filename}`, world);
  if (query['receive'] !== undefined) return received(file, world);
  return {
    status: 200, headers: { 'content-type': mediaTypeOf(file.filename), 'content-disposition': `attachment; filename="${Buffer.from(file.filename.replaceAll('"', '')).toString('latin1').replace(/[^\x20-\xff]/g, '_')}"` },
    body: { size: file.size, open: () => world.state.files.read(file.sha256) },
  };
}

/** In JSON only what is text can travel: for the rest the server says so with status 200 (contracts/pastell.md §1.2). */
async function received({ filename, sha256 }: DocumentFile, { state: { files } }: PastellWorld): Promise<HttpReply> {
  const bytes = await files.whole(sha256);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return prettyReply({ status: 'error', 'error-message': 'Impossible d\'encoder la réponse en JSON : Malformed UTF-8 characters' });
  return prettyReply({ file_name: filename, file_content: text });
}

/** Chunks of a file that arrived so far, by where it goes. */
interface Assembly {
  readonly chunks: string[];
  readonly total: number;
  bytes: number;
}

const assemblies = new WeakMap<PastellWorld, Map<string, Assembly>>();

/** `…/chunk/{field}/{num}` (contracts/pastell.md §4.4): one part after the other; the first one begins anew. */
export async function chunkFace(document: SimulatedDocument, call: Call): Promise<HttpReply> {
  const { path: [name, number = '0'], world } = call;
  if (!world.release.chunks) throw new PastellRefusal(404, 'La ressource chunk n\'existe pas.');
  requireMethod(call, 'POST');
  const field = requiredField(document, name, world);
  requireIdle(document);
  requireMayChange(document, field, world);
  const { current, total, size, filename, path } = chunkOf(call);
  const key = `${document.id}/${field.name}/${number}`;
  const assembly = assemblyOf(key, current, total, world);
  const kept = await world.state.files.keep(createReadStream(path) as AsyncIterable<Buffer>);
  assembly.chunks.push(kept.sha256);
  assembly.bytes += kept.size;
  if (current < total) return prettyReply({ result: 'success', message: 'Chunk uploaded' });
  assemblies.get(world)?.delete(key);
  if (assembly.bytes !== size) throw new PastellRefusal(400, `Le fichier fait ${assembly.bytes} octets, ${size} étaient annoncés.`);
  await put(document, field, Number(number), { filename, ...await world.state.files.keep(joined(assembly.chunks, world)) }, world);
  return prettyReply({ result: 'success', message: 'File uploaded' }, 201);
}

interface Chunk {
  /** From 1. */
  readonly current: number;
  readonly total: number;
  /** Of the whole file, bytes. */
  readonly size: number;
  readonly filename: string;
  readonly path: string;
}

function chunkOf({ files, fields }: Call): Chunk {
  const number = (name: string) => {
    const text = textOf(fields[name]);
    if (!/^\d+$/.test(text)) throw new PastellRefusal(400, `Le paramètre ${name} est obligatoire.`);
    return Number(text);
  };
  const path = files.find((one) => one.name === 'file')?.path;
  const filename = textOf(fields['file_name']);
  if (path === undefined || filename === '') throw new PastellRefusal(400, 'Les paramètres file et file_name sont obligatoires.');
  return { current: number('chunk_number'), total: number('total_chunks'), size: number('total_size'), filename, path };
}

function assemblyOf(key: string, current: number, total: number, world: PastellWorld): Assembly {
  const known = assemblies.get(world) ?? new Map<string, Assembly>();
  assemblies.set(world, known);
  if (current === 1) known.set(key, { chunks: [], total, bytes: 0 });
  const assembly = known.get(key);
  if (assembly?.total !== total || current !== assembly.chunks.length + 1) throw new PastellRefusal(400, `Le morceau ${current} n'est pas celui qui est attendu (${(assembly?.chunks.length ?? 0) + 1}).`);
  return assembly;
}

async function* joined(chunks: readonly string[], { state: { files } }: PastellWorld): AsyncGenerator<Uint8Array> {
  for (const sha256 of chunks) yield* files.read(sha256) as AsyncIterable<Buffer>;
}

function requiredField(document: SimulatedDocument, name: string | undefined, world: PastellWorld): Field {
  const field = typeNamed(document.type, world).fields.find((one) => one.name === name && one.kind === 'file');
  if (field === undefined) throw new PastellRefusal(404, `Le champ ${name ?? ''} n'est pas un fichier de ce type de dossier.`);
  return field;
}

/** Fields are guarded by what is editable in the state, here in every version (contracts/pastell.md §4.2). */
function requireMayChange(document: SimulatedDocument, field: Field, world: PastellWorld): void {
  requireEditable(document, world);
  const { editable } = typeNamed(document.type, world).actions[stateOf(document).action] ?? {};
  if (field.output === true || editable?.includes(field.name) === false) throw new PastellRefusal(400, `Le champ ${field.name} n'est pas modifiable.`);
}
