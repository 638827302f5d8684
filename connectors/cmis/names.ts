import { createHash } from 'node:crypto';
import type { Submission } from '../../src/connector-api/connector.js';

/** Characters, far below what any repository keeps. */
const NAME_LENGTH = 180;
const HASH_LENGTH = 12;

/** Stable over all attempts of a delivery, and of no other. */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, HASH_LENGTH);
}

/** What the key property of a document holds; the main document is number 0. */
export function documentKey({ key, item }: Pick<Submission, 'key' | 'item'>, number: number): string {
  return `${item.uid}/${hashOf(key)}/${number}`;
}

/** What the comment of a version ends with. */
export function versionMark({ key, item }: Pick<Submission, 'key' | 'item'>): string {
  return `[relais ${item.uid}/${hashOf(key)}]`;
}

/** A name as repositories take it: Alfresco refuses some characters, and dots and spaces at the end. */
export function safeName(text: string): string {
  const name = text.normalize('NFC').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').replace(/["*\\<>?/:|]/g, '_').replace(/^\s+|[\s.]+$/g, '');
  return shortened(/^\.*$/.test(name) ? `_${name}` : name, '');
}

/** `décision.pdf` with ` [mark]` or `-2` before its extension. */
export function withSuffix(name: string, suffix: string): string {
  return shortened(name, suffix);
}

function shortened(name: string, suffix: string): string {
  const [, stem = name, extension = ''] = /^(.+?)(\.[A-Za-z0-9]{1,8})?$/su.exec(name) ?? [];
  return `${Array.from(stem).slice(0, NAME_LENGTH - suffix.length - extension.length).join('').replace(/[\s.]+$/, '')}${suffix}${extension}`;
}

/** A text within a query (CMIS 1.1 §2.1.14.2.1). */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}
