import type { IncomingMessage } from 'node:http';
import { readText } from '../../src/connector-kit/http-text.js';

/** Parameters as PHP has them: `a[]` twice is a list, `a` twice is the last one. */
export type PhpParameters = Readonly<Record<string, string | readonly string[]>>;

/** Reads a query string or an urlencoded body as PHP does. */
export function phpParameters(text: string | URLSearchParams): PhpParameters {
  const read: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const [, list] = /^(.+)\[\d*\]$/.exec(name) ?? [];
    if (list === undefined) read[phpName(name)] = value;
    else read[phpName(list)] = [...listOf(read[phpName(list)]), value];
  }
  return read;
}

export function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : value?.at(-1) ?? '';
}

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** An urlencoded body; empty for any other. */
export async function bodyText(request: IncomingMessage): Promise<string> {
  return /^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? '') ? readText(request) : '';
}

/** Dots and spaces in names are underlines for PHP. */
function phpName(name: string): string {
  return name.replace(/[. ]/g, '_');
}
