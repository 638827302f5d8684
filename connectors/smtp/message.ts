import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { Readable } from 'node:stream';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { safeFilename } from '../../src/domain/safe-filename.js';
import type { Address } from './address.js';
import type { Mail } from './mapping.js';

/** The bytes of a mail, made as they are read. Fails with Refused for an annex whose bytes are gone or damaged. */
export async function* messageBytes(mail: Mail, context: ConnectorContext): AsyncGenerator<Buffer> {
  const attachments = mail.attachments.map((annex, index) => attachment(annex, index, Readable.from(lazily(annex, context))));
  const composer = new MailComposer({
    messageId: mail.messageId,
    date: new Date(context.clock.now()),
    from: named(mail.from),
    to: mail.to.map(named),
    cc: mail.cc.map(named),
    replyTo: mail.replyTo.map(named),
    subject: mail.subject,
    ...(mail.text !== undefined && { text: mail.text }),
    ...(mail.html !== undefined && { html: mail.html }),
    // No holiday notice comes back (RFC 3834), whoever receives it can name the item, and a mailbox that Relais reads knows it for its own.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Relais-Item': mail.itemUid, 'X-Relais-Origin': 'relais', ...(mail.template !== undefined && { 'X-Relais-Template': mail.template }) },
    attachments,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    for await (const chunk of composer.compile().createReadStream()) yield chunk as Buffer;
  } finally {
    // A mail that is given up leaves them half read.
    for (const { content } of attachments) content.destroy();
  }
}

/** Opened when it is its turn. */
async function* lazily(annex: Annex, context: ConnectorContext): AsyncGenerator<Buffer> {
  yield* annexContent(annex, context) as AsyncIterable<Buffer>;
}

function named({ name, address }: Address): { name: string; address: string } {
  return { name, address };
}

function attachment({ filename, mediaType }: Annex, index: number, content: Readable): { filename: string; contentType: string; contentTransferEncoding: 'base64'; content: Readable } {
  return {
    filename: safeFilename(filename) ?? `annexe-${index + 1}`,
    // A mail within a mail must not be encoded (RFC 2046 §5.2), so that it would be changed on its way.
    contentType: /^(?:message|multipart)\//i.test(mediaType) ? 'application/octet-stream' : mediaType,
    contentTransferEncoding: 'base64',
    content,
  };
}
