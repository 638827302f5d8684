import type { Readable } from 'node:stream';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'PROPFIND' | 'MKCOL' | 'MOVE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Streams are sent as they come, chunked unless `content-length` is among the headers. */
  readonly body?: string | Buffer | Readable;
  /** PEM texts. `ca` is trusted beside the system's own. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly passphrase?: string };
  /** For the whole exchange, milliseconds; 30,000 if not given. */
  readonly timeoutMs?: number;
  /** Addresses of this machine and of private networks are refused unless this is true, after name resolution and for
   * every redirect. A redirect to another host loses this permission, and one to another origin all credentials. */
  readonly allowPrivate?: boolean;
  /** 0 if not given: a redirect is then answered as it is. Followed for GET and HEAD only. */
  readonly maxRedirects?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read it, or destroy it. */
  readonly body: Readable;
  /** The body as UTF-8, at most `limit` bytes (1 MiB if not given); throws OutcomeUnknown when it is longer or cut. */
  text(limit?: number): Promise<string>;
}

/** One exchange. Any status is an answer. Throws NotSent when no byte of the request can have reached the other side (name,
 * connection, TLS handshake, aborted before), Misconfigured for a certificate that is not trusted, a client certificate
 * that is refused or an address that may not be reached, OutcomeUnknown for everything later. What the stream of the body
 * fails with is thrown as it is: the request was cut, so it was not taken. */
export type HttpCall = (request: HttpRequest) => Promise<HttpAnswer>;
