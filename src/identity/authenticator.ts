/** What an HTTP request offers as proof. */
export interface Credentials {
  /** The Authorization header as received. */
  readonly authorization: string | undefined;
  /** Subject of a client certificate that TLS verified, RFC 2253 text. */
  readonly certificateSubject: string | undefined;
  readonly remoteAddress: string;
}

export type Authentication =
  | { readonly ok: true; readonly userId: string }
  /** Ask for credentials (401), after a pause when too many guesses were wrong. */
  | { readonly ok: false; readonly retryAfterSeconds: number };

/** Decides who calls, for one authority. Never throws for wrong credentials; the secret is never logged. */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Authentication>;
}
