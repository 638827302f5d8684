import type { StagedBlob } from '../blobs/blob-store.js';
import type { RequestStruct, RequestValue } from '../soap/service.js';

// Typed access to decoded requests. The reader has given each element the type that the WSDL declares, so a value of
// another type means that code and WSDL disagree; it then reads as absent, as an element that the caller left out does.

/** Undefined when absent or empty (contracts/ws4pm.md A21). */
export function text(struct: RequestStruct, name: string): string | undefined {
  const value = struct[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Undefined when absent and without a default in the WSDL. */
export function flag(struct: RequestStruct, name: string): boolean | undefined {
  const value = struct[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** Values of a repeatable element, empty ones left out. */
export function texts(struct: RequestStruct, name: string): string[] {
  return list(struct[name]).filter((value): value is string => typeof value === 'string' && value !== '');
}

/** Values of a repeatable complex element. */
export function structs(struct: RequestStruct, name: string): RequestStruct[] {
  return list(struct[name]).filter(isStruct);
}

/** A single complex element; empty when absent. */
export function child(struct: RequestStruct, name: string): RequestStruct {
  const value = struct[name];
  return isStruct(value) ? value : {};
}

/** A received file (size 0 for an empty element). */
export function binary(struct: RequestStruct, name: string): StagedBlob | undefined {
  const value = struct[name];
  return isBlob(value) ? value : undefined;
}

function list(value: RequestValue): readonly RequestValue[] {
  return Array.isArray(value) ? value as readonly RequestValue[] : [];
}

function isBlob(value: RequestValue): value is StagedBlob {
  return typeof value === 'object' && 'head' in value && Buffer.isBuffer(value.head);
}

function isStruct(value: RequestValue): value is RequestStruct {
  return typeof value === 'object' && !Array.isArray(value) && !isBlob(value);
}
