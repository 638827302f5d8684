import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../connector-api/connector.js';
import { Misconfigured } from '../../connector-api/failures.js';
import { acmeClient } from './client.js';
import { acmeSettings, type AcmeSettings } from './config.js';
import { acmeItem } from './mapping.js';

/** Hands items over to a service over HTTP: the files first, then the item, under a key that the service recognises. */
export const acmeConnector: Connector<AcmeSettings> = {
  manifest: {
    id: 'acme',
    title: { fr: 'Acme', en: 'Acme' },
    kinds: ['*'],
    operations: {
      send: {
        idempotence: 'client-key',
        fields: {
          subject: { type: 'text', title: { fr: 'Objet', en: 'Subject' }, required: true, maxLength: 200 },
          urgent: { type: 'boolean', title: { fr: 'Urgent', en: 'Urgent' } },
        },
      },
    },
  },
  settings: acmeSettings,
  check,
  submit,
  probe,
};

async function check(settings: AcmeSettings, context: ConnectorContext): Promise<void> {
  await acmeClient(settings, context).status();
}

async function submit(submission: Submission, settings: AcmeSettings, context: ConnectorContext): Promise<Receipt> {
  const { key, operation, item } = submission;
  if (operation !== 'send') throw new Misconfigured(`The acme connector does «send», not «${operation}».`);
  const client = acmeClient(settings, context);
  for (const [position, annex] of item.annexes.entries()) {
    await client.sendFile(key, position, annex);
  }
  await context.markSent();
  return { reference: await client.handOver(key, acmeItem(submission)), state: 'done' };
}

/** The service says of every key whether it has it, so that absence is proved. */
async function probe({ key }: Submission, settings: AcmeSettings, context: ConnectorContext): Promise<Probe> {
  const reference = await acmeClient(settings, context).find(key);
  return reference === null ? 'absent' : { found: { reference, state: 'done' } };
}
