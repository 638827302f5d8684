import { expect } from 'chai';
import path from 'node:path';
import type { StagedBlob } from '../../../src/blobs/blob-store.js';
import { RelaisError } from '../../../src/errors.js';
import type { SoapLimits } from '../../../src/soap/limits.js';
import { createMessageReader } from '../../../src/soap/message-reader.js';
import { loadServiceModel } from '../../../src/soap/service-model.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import type { MemoryBlobStore } from '../../support/memory-blob-store.js';

export const wsdlFile = path.resolve(import.meta.dirname, '../../../wsdl/ws4pm.wsdl');
export const model = await loadServiceModel(wsdlFile);
export const roomy: SoapLimits = { requestBytes: 1 << 28, textBytes: 1 << 20, depth: 50, elements: 20_000, attributes: 20_000, idleMs: 30_000 };

export interface ReadOptions {
  readonly contentType?: string | undefined;
  readonly limits?: SoapLimits;
  readonly blobs?: MemoryBlobStore;
  /** Bytes of a chunk; the whole message by default. */
  readonly chunk?: number | ((at: number) => number);
}

export interface Decoded {
  readonly operation: string;
  readonly request: Record<string, unknown>;
}

/** Reads a message; binaries come as `base64:…` text, absent members are left out. Checks that no blob is left behind. */
export async function read(message: Buffer | string, options: ReadOptions = {}): Promise<Decoded> {
  const blobs = options.blobs ?? memoryBlobStore();
  const bytes = typeof message === 'string' ? Buffer.from(message) : message;
  const reader = createMessageReader({ model, limits: options.limits ?? roomy, blobs }, 'contentType' in options ? options.contentType : 'text/xml; charset=utf-8');
  try {
    for (let at = 0, size = 0; at < bytes.length; at += size) {
      size = Math.max(1, typeof options.chunk === 'function' ? options.chunk(at) : options.chunk ?? bytes.length);
      await reader.push(Buffer.from(bytes.subarray(at, at + size)));
    }
    const { operation, request } = await reader.end();
    return { operation: operation.name, request: plain(request, blobs) as Record<string, unknown> };
  } finally {
    await reader.discard();
    expect(blobs.openWriters, 'writers left open').to.equal(0);
    expect(blobs.staged, 'blobs left behind').to.deep.equal([]);
  }
}

function plain(value: unknown, blobs: MemoryBlobStore): unknown {
  if (Array.isArray(value)) return value.map((element) => plain(element, blobs));
  if (typeof value !== 'object' || value === null) return value;
  if ('sha256' in value) return `base64:${blobs.bytesOf(value as StagedBlob).toString('base64')}`;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]) => [name, plain(member, blobs)]));
}

/** The error of a message that must not be read. Anything but a RelaisError is a bug. */
export async function refusal(message: Buffer | string, options: ReadOptions = {}): Promise<RelaisError> {
  try {
    const decoded = await read(message, options);
    throw new Error(`it was read: ${JSON.stringify(decoded)}`);
  } catch (error) {
    if (error instanceof RelaisError) return error;
    throw error;
  }
}

export function envelope(body: string): string {
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="http://ws4pm.imio.be" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><s:Body>${body}</s:Body></s:Envelope>`;
}

/** An envelope with one request of that operation. */
export function request(operation: string, children: string): string {
  return envelope(`<w:${operation}Request>${children}</w:${operation}Request>`);
}

export function createItem(creationData: string): string {
  return request('createItem', `<meetingConfigId>c</meetingConfigId><proposingGroupId>g</proposingGroupId><creationData>${creationData}</creationData>`);
}
