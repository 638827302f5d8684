import nodemailer from 'nodemailer';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. A password is never shown without one of both. */
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly from: string;
}

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

/** Rejects when the server does not take it. */
export type SendMail = (mail: Mail) => Promise<void>;

/** For each step of the exchange, milliseconds: a mail server that is stuck holds nobody for long. */
const STEP_MS = 10_000;

/** Sends mails through a server, one connection a mail. */
export function createMailSender({ host, port, secure, user, password, from }: MailServer): SendMail {
  return async ({ to, subject, text }) => {
    const transport = nodemailer.createTransport({
      host, port, secure, connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS,
      ...user === null || password === null ? {} : { auth: { user, pass: password }, requireTLS: !secure },
    });
    try {
      // no answer is to be had from whoever is on holiday
      await transport.sendMail({ from, to: [...to], subject, text, headers: { 'Auto-Submitted': 'auto-generated' } });
    } finally {
      transport.close();
    }
  };
}
