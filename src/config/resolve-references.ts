import fs from 'node:fs';
import path from 'node:path';
import { expectedOneOf } from './closest-word.js';
import type { Path } from './yaml-file.js';

export interface ReferenceSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `${data}` stands for. */
  readonly dataFolder: string;
  /** What `${authority}` stands for; absent where there is none. */
  readonly authority?: string;
  /** `${file:…}` at a path is relative to this folder. */
  folderAt(path: Path): string;
  /** True where `${` belongs to the text. */
  isLiteral(path: Path): boolean;
  /** Called with each secret that was read, before anything else sees it. */
  onSecret(value: string): void;
  /** Called with each file that a reference names, absolute, whether it is there or not. */
  onFile(file: string): void;
  report(path: Path, message: string): void;
}

const REFERENCE = /\$\{([^{}]*)\}/g;
const SECRET = /^\$\{(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^{}]+)\}$/;

/** A password or a key, not a document. */
const LONGEST_SECRET_FILE = 65_536;

/** True for a text that is one reference to a secret and nothing else. */
export function isSecretReference(text: string): boolean {
  return SECRET.test(text);
}

/** True for a text with a reference in it; among resolved data, one that leads nowhere. */
export function holdsReference(value: unknown): boolean {
  return typeof value === 'string' && value.search(REFERENCE) >= 0;
}

/** A copy of plain data in which `${data}`, `${env:NAME}` and `${file:/path}` are replaced by what they stand for. What
 * cannot be resolved is reported and left as it is. */
export function resolveReferences(value: unknown, sources: ReferenceSources, at: Path = []): unknown {
  if (sources.isLiteral(at)) return value;
  if (typeof value === 'string') return resolveText(value, sources, at);
  if (Array.isArray(value)) return value.map((entry, index) => resolveReferences(entry, sources, [...at, index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolveReferences(entry, sources, [...at, key])]));
}

function resolveText(text: string, sources: ReferenceSources, at: Path): string {
  return text.replace(REFERENCE, (written: string, name: string) => {
    const resolved = resolveOne(name, sources, at);
    if (typeof resolved === 'string') return resolved;
    sources.report(at, `found ${written}, ${resolved.problem}`);
    return written;
  });
}

function resolveOne(name: string, sources: ReferenceSources, at: Path): string | { readonly problem: string } {
  if (name === 'data') return sources.dataFolder;
  if (name === 'authority' && sources.authority !== undefined) return sources.authority;
  const [, kind, target = ''] = /^(env|file):(.+)$/.exec(name) ?? [];
  if (kind === undefined) return { problem: expectedOneOf(name.replace(/:.*/, ''), sources.authority === undefined ? ['data', 'env:NAME', 'file:/path'] : ['data', 'authority', 'env:NAME', 'file:/path']) };
  const secret = kind === 'env' ? sources.env[target] : readSecretFile(path.resolve(sources.folderAt(at), target), sources);
  if (secret === undefined) return { problem: kind === 'env' ? `expected the environment variable ${target} to be set` : 'expected a readable file of at most 64 KiB' };
  if (secret === '') return { problem: 'expected a value that is not empty' };
  sources.onSecret(secret);
  return secret;
}

/** The text of the file without the line end that editors add; undefined if it cannot be read. */
function readSecretFile(file: string, sources: ReferenceSources): string | undefined {
  sources.onFile(file);
  try {
    return fs.statSync(file).size > LONGEST_SECRET_FILE ? undefined : fs.readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
