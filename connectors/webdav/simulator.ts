import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { Arrival, OtherSide, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { ITEM, type ItemManifest, MANIFEST } from '../../src/formats/item-files.js';
import { folderTree, type FolderTree, type KeptFile } from './folder-tree.js';

const USER = 'relais';
const PASSWORD = 'rehearsal-p4ssword';
const ROOT = 'dav';
const SMALL = 1024 * 1024;

/** A WebDAV server in memory, with what this connector needs of RFC 4918; large files are measured, not kept. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<OtherSide> {
  const tree = folderTree(ROOT);
  const server = await openHttpSimulator({
    ...options,
    reply: (request, url) => reply(tree, request, url),
    handsOver: (request) => request.method === 'MOVE' && !pathOf(destinationOf(request)).startsWith(`${ROOT}/.drafts/`),
  });
  const settings = { url: `${server.url}/${ROOT}`, user: USER, password: PASSWORD, allowPrivate: true };
  return {
    settings,
    brokenSettings: { ...settings, password: 'wr0ng-p4ssword' },
    secrets: [PASSWORD, 'wr0ng-p4ssword'],
    delivered: () => Promise.resolve(arrivalsIn(tree)),
    behave: (how) => server.behave(how),
    close: () => server.close(),
  };
}

async function reply(tree: FolderTree, request: IncomingMessage, url: URL): Promise<HttpReply> {
  if (request.headers.authorization !== `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`) return { status: 401, headers: { 'www-authenticate': 'Basic' } };
  const path = pathOf(url);
  switch (request.method ?? '') {
    case 'PROPFIND': return { status: tree.isFolder(path) ? 207 : 404 };
    case 'MKCOL': return { status: tree.makeFolder(path) };
    case 'PUT': return { status: tree.put(path, await measure(request)) };
    case 'MOVE': return { status: tree.move(path, pathOf(destinationOf(request)), request.headers.overwrite !== 'F') };
    case 'DELETE': return { status: tree.remove(path) };
    case 'GET': return fileReply(tree.file(path));
    default: return { status: 405 };
  }
}

function destinationOf({ headers }: IncomingMessage): URL {
  return new URL(String(headers.destination), 'http://127.0.0.1');
}

function pathOf({ pathname }: URL): string {
  return pathname.split('/').filter((part) => part !== '').map(decodeURIComponent).join('/');
}

function fileReply(file: KeptFile | undefined): HttpReply {
  return file === undefined ? { status: 404 } : { status: 200, body: file.text };
}

async function measure(request: IncomingMessage): Promise<KeptFile> {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (size <= SMALL) chunks.push(chunk);
  }
  return { sha256: hash.digest('hex'), text: size <= SMALL ? Buffer.concat(chunks).toString('utf8') : '' };
}

function arrivalsIn(tree: FolderTree): readonly Arrival[] {
  return tree.files().filter((path) => path.endsWith(`/${ITEM}`) && !path.startsWith(`${ROOT}/.`)).map((path) => {
    const folder = path.slice(0, -ITEM.length);
    const { uid, title, fields } = JSON.parse(tree.file(path)?.text ?? '') as { uid: string; title: string; fields?: NonNullable<Arrival['fields']> };
    const { files } = JSON.parse(tree.file(folder + MANIFEST)?.text ?? '') as ItemManifest;
    const annexes = files.filter((file) => file.path !== ITEM);
    return { itemUid: uid, title, ...(fields !== undefined && { fields }), files: annexes.map((file) => tree.file(folder + file.path)?.sha256 ?? 'missing') };
  });
}
