import { isFailure, Misconfigured, NotSent, OutcomeUnknown, Refused, type Failure } from '../../src/connector-api/failures.js';

/** What is known of an error of nodemailer: `command` is the one that failed, `responseCode` and `response` are what the
 * server answered. */
interface SmtpError {
  readonly message: string;
  readonly code: string;
  readonly command: string;
  readonly response: string;
  readonly responseCode: number;
  /** Set for errors of the operating system. */
  readonly syscall: unknown;
}

/** A recipient that the server did not take. */
export interface RejectedRecipient {
  readonly address: string;
  readonly error: unknown;
}

/** What an error means before the end of the mail was handed over; `server` is how to call it. */
export function smtpFailure(error: unknown, server: string): Failure {
  if (isFailure(error)) return error;
  const details = detailsOf(error);
  if (details.code === 'EAUTH') return loginFailure(error, details, server);
  if (details.responseCode >= 500) return refusal(error, details, server);
  if (details.responseCode >= 400) return new NotSent(`The mail server ${server} does not take mails at the moment: ${said(details)}.`, { cause: error });
  if (details.code === 'EMESSAGE') return new Refused(`The mail is larger than the mail server ${server} takes. Send fewer or smaller annexes.`, { cause: error });
  if (isAboutTls(details)) {
    return new Misconfigured(`No trusted encryption with the mail server ${server}: ${details.message}. Check host, encryption and ca.`, { cause: error });
  }
  return new NotSent(`The mail server ${server} could not be reached: ${unreachable(details)}.`, { cause: error });
}

/** What an error means after the end of the mail was handed over: an explicit no is one; anything else leaves it open. */
export function failureAfterEnd(error: unknown, server: string): Failure {
  const details = detailsOf(error);
  if (details.code === 'EMESSAGE' && details.responseCode >= 400) return smtpFailure(error, server);
  return new OutcomeUnknown(`The mail server ${server} was given the whole mail and did not say whether it took it.`, { cause: error });
}

/** Nothing is sent unless everybody gets it. */
export function recipientsFailure(rejected: readonly RejectedRecipient[], server: string): Failure {
  const answers = rejected.map(({ address, error }) => ({ address, details: detailsOf(error) }));
  const forGood = answers.filter(({ details }) => details.responseCode >= 500);
  const told = (forGood.length > 0 ? forGood : answers).map(({ address, details }) => `«${address}» (${said(details)})`).join(', ');
  if (forGood.length > 0) return new Refused(`The mail server ${server} does not take mails for ${told}. Correct the address, then retry: nobody got the mail.`);
  return new NotSent(`The mail server ${server} does not take mails for ${told} at the moment.`);
}

function loginFailure(error: unknown, details: SmtpError, server: string): Failure {
  if (details.responseCode >= 400 && details.responseCode < 500) return new NotSent(`The mail server ${server} lets nobody in at the moment: ${said(details)}.`, { cause: error });
  return new Misconfigured(`The mail server ${server} does not let Relais in: check user and password.`, { cause: error });
}

/** Before the mail itself, a refusal is about the server's settings or ours, except for the size. */
function refusal(error: unknown, details: SmtpError, server: string): Failure {
  if (details.command === 'DATA') return new Refused(`The mail server ${server} refuses the mail: ${said(details)}.`, { cause: error });
  if (details.command === 'STARTTLS') return new Misconfigured(`The mail server ${server} offers no encryption: ${said(details)}. Check port and encryption.`, { cause: error });
  if (details.command !== 'MAIL FROM') return new Misconfigured(`The mail server ${server} turns Relais away: ${said(details)}.`, { cause: error });
  if (details.responseCode === 552) return new Refused(`The mail is larger than the mail server ${server} takes: ${said(details)}. Send fewer or smaller annexes.`, { cause: error });
  return new Misconfigured(`The mail server ${server} takes no mails from the address of «from»: ${said(details)}.`, { cause: error });
}

/** A connection that breaks is no matter of certificates. */
function isAboutTls({ code, message, syscall }: SmtpError): boolean {
  return syscall === undefined && (code === 'ETLS' || code === 'ESOCKET') && !message.includes('closed unexpectedly');
}

function unreachable({ code, message, syscall }: SmtpError): string {
  if (syscall !== undefined) return message;
  return code === 'ETIMEDOUT' ? 'it did not answer in time' : 'the connection was lost';
}

/** The answer of the server, short and on one line. */
function said({ response }: SmtpError): string {
  const line = response.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line === '' ? 'without a reason' : `it says «${line.slice(0, 200)}»`;
}

function detailsOf(error: unknown): SmtpError {
  const member = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined);
  const text = (name: string) => { const value = member(name); return typeof value === 'string' ? value : ''; };
  const responseCode = member('responseCode');
  return {
    message: text('message'), code: text('code'), command: text('command'), response: text('response'),
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
    syscall: member('syscall'),
  };
}
