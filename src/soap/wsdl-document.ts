import type { IncomingHttpHeaders } from 'node:http';
import { escapeAttribute } from './reply-encoder.js';

/** Gives the WSDL for a public base address such as `https://relais.example.be/soap` (no slash at the end). The origin of
 * `soap:address` in the file stands for the base; every attribute that begins with it follows (contracts/ws4pm.md §1.1). */
export function createWsdlDocument(text: string): (base: string) => string {
  const placeholder = /<[\w.-]+:address\s+location="(https?:\/\/[^"/]+)/.exec(text)?.[1];
  if (placeholder === undefined) return () => text;
  const parts = text.split(new RegExp(`(?<=(?:location|soapAction)=")${escapePattern(placeholder)}(?=[/"])`));
  return (base) => parts.join(escapeAttribute(base));
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export interface AddressSources {
  /** The configured public URL, which wins. */
  readonly publicUrl: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** X-Forwarded-* headers are believed only where the peer is a trusted proxy. */
  readonly isTrustedProxy: boolean;
  readonly isTls: boolean;
  /** Path of this service below the origin: '' or `/name`. */
  readonly path: string;
  /** Where the socket listens, `host:port`: for requests without a usable Host. */
  readonly listening: string;
}

/** The address that a caller should use, without a slash at the end. Headers that are not a plausible host are ignored:
 * the WSDL tells clients where to send their passwords. */
export function publicBaseOf(sources: AddressSources): string {
  if (sources.publicUrl !== undefined) return sources.publicUrl.replace(/\/+$/, '') + sources.path;
  const forwarded = (name: string) => (sources.isTrustedProxy ? firstOf(sources.headers[name]) : undefined);
  const scheme = forwarded('x-forwarded-proto')?.toLowerCase();
  const protocol = scheme === 'http' || scheme === 'https' ? scheme : sources.isTls ? 'https' : 'http';
  const host = [forwarded('x-forwarded-host'), sources.headers.host].find(isPlausibleHost) ?? sources.listening;
  const prefix = forwarded('x-forwarded-prefix') ?? '';
  const isPath = /^(?:\/[A-Za-z0-9._~-]+)+\/?$/.test(prefix);
  return `${protocol}://${host}${isPath ? prefix.replace(/\/$/, '') : ''}${sources.path}`;
}

/** Proxies append; the first value is what the caller used. */
function firstOf(header: string | string[] | undefined): string | undefined {
  return (typeof header === 'string' ? header : header?.[0])?.split(',')[0]?.trim();
}

function isPlausibleHost(host: string | undefined): host is string {
  return host !== undefined && host.length <= 255 && /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/.test(host);
}
