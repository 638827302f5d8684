import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured } from '../../src/connector-api/failures.js';
import { smtpSettings, type SmtpSettings } from './config.js';
import { FIELDS, mailOf, recipientsOf } from './mapping.js';
import { messageBytes } from './message.js';
import { withSession } from './session.js';

/** Sends items by mail. */
export const smtp: Connector<SmtpSettings> = {
  manifest: {
    id: 'smtp',
    title: { fr: 'Envoi par courriel', en: 'Sending by mail' },
    kinds: ['*'],
    // A mail server cannot be asked what it has taken.
    operations: { send: { idempotence: 'none', fields: FIELDS } },
  },
  settings: smtpSettings,
  check,
  submit,
  probe,
};

async function check(settings: SmtpSettings, { signal }: ConnectorContext): Promise<void> {
  await withSession(settings, signal, () => Promise.resolve());
}

async function submit(submission: Submission, settings: SmtpSettings, context: ConnectorContext): Promise<Receipt> {
  if (submission.operation !== 'send') throw new Misconfigured(`The smtp connector does «send», not «${submission.operation}».`);
  const mail = mailOf(submission, settings);
  const left = submission.item.annexes.length - mail.attachments.length;
  if (left > 0) context.logger.info('Annexes are left out of the mail: they are confidential, or the mapping says so', { left });
  return withSession(settings, context.signal, async (session) => {
    const answer = await session.send({
      from: mail.from.address,
      to: recipientsOf(mail),
      size: mail.size,
      content: messageBytes(mail, context),
      beforeEnd: () => context.markSent(),
    });
    // The answer often holds the number that the server gave the mail, which its administrator can look for.
    return { reference: mail.messageId, state: 'done', data: { answer } };
  });
}

/** Nobody can tell; the administrator may have said that a second mail does no harm. */
function probe(_submission: Submission, { resendWhenUnknown }: SmtpSettings): Promise<Probe> {
  return Promise.resolve(resendWhenUnknown ? 'absent' : 'unknown');
}
