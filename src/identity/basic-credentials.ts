import { isUtf8 } from 'node:buffer';

export interface BasicCredentials {
  readonly userId: string;
  readonly password: string;
}

/** Reads an HTTP Basic header (RFC 7617). Both base64 alphabets are read, with or without padding, because suds sends the
 * URL-safe one (contracts/wsclient.md §1.1); the bytes are UTF-8 or else Latin-1, as zeep and .NET send
 * (contracts/soap-clients.md). Returns null for anything else. */
export function readBasicCredentials(header: string): BasicCredentials | null {
  const match = /^basic[ \t]+([A-Za-z0-9+/_-]+={0,2})[ \t]*$/i.exec(header);
  if (match?.[1] === undefined) return null;
  // Node decodes either alphabet under this name.
  const bytes = Buffer.from(match[1], 'base64');
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  return { userId: text.slice(0, colon), password: text.slice(colon + 1) };
}
