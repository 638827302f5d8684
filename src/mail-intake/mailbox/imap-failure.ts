import { MailboxAway } from './mail-session.js';

/** What the library says of a failure. */
interface ImapError {
  readonly code: string;
  readonly authenticationFailed: boolean;
  readonly tlsFailed: boolean;
  readonly responseText: string;
}

/** Codes of Node and OpenSSL that are about a certificate. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|SSL|TLS/;

/** What a failure of the connection means; `server` is how to call it. The answer of a server holds no password. */
export function mailboxAway(error: unknown, server: string): MailboxAway {
  if (error instanceof MailboxAway) return error;
  const { code, authenticationFailed, tlsFailed, responseText } = detailsOf(error);
  if (authenticationFailed) return new MailboxAway('login', `the mail server ${server} does not let Relais in${said(responseText)}: check login and password`, { cause: error });
  if (tlsFailed || CERTIFICATE.test(code)) return new MailboxAway('encryption', `no trusted encryption with the mail server ${server} (${code === '' ? 'it is refused' : code}): check host, encryption and ca`, { cause: error });
  return new MailboxAway('away', `the mail server ${server} cannot be used${said(responseText === '' ? code : responseText)}`, { cause: error });
}

function said(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim().slice(0, 200);
  return line === '' ? '' : ` («${line}»)`;
}

function detailsOf(error: unknown): ImapError {
  const member = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined);
  const text = (name: string): string => { const value = member(name); return typeof value === 'string' ? value : ''; };
  return { code: text('code'), authenticationFailed: member('authenticationFailed') === true, tlsFailed: member('tlsFailed') === true, responseText: text('responseText') };
}
