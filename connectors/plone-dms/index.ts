import { z } from 'zod';
import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { ploneApi, readAs } from './api.js';
import { ploneDmsSettings, type PloneDmsSettings } from './config.js';
import { probeMail, submitMail } from './create-mail.js';
import { createMail, returnDecision } from './fields.js';
import { probeReturn, submitReturn } from './return-decision.js';

/** Creates mails in a document manager made with Plone (iA.Docs), and brings decisions back to objects of any Plone site (iA.Docs, urban), by
 * plone.restapi. */
export const ploneDms: Connector<PloneDmsSettings> = {
  manifest: {
    id: 'plone-dms',
    title: { fr: 'GED et urbanisme sous Plone (iA.Docs, urban)', en: 'Document manager and urbanism on Plone (iA.Docs, urban)' },
    kinds: ['*'],
    operations: { 'create-mail': createMail, 'return-decision': returnDecision },
  },
  settings: ploneDmsSettings,
  check,
  submit,
  probe,
};

const account = z.object({ id: z.string() });

/** A site answers strangers, too: only what it says of the account itself proves that it lets us in. */
async function check(settings: PloneDmsSettings, context: ConnectorContext): Promise<void> {
  try {
    readAs(account, await ploneApi(settings, context).ask({ method: 'GET', at: settings.url, service: `/@users/${encodeURIComponent(settings.login)}` }), 'the account');
  } catch (error) {
    throw checkFailed(error, 'The site could not be tried.');
  }
}

async function submit(submission: Submission, settings: PloneDmsSettings, context: ConnectorContext): Promise<Receipt> {
  switch (submission.operation) {
    case 'create-mail': return submitMail(submission, settings, context);
    case 'return-decision': return submitReturn(submission, settings, context);
    default: throw new Misconfigured(`The plone-dms connector does «create-mail» and «return-decision», not «${submission.operation}».`);
  }
}

async function probe(submission: Submission, settings: PloneDmsSettings, context: ConnectorContext): Promise<Probe> {
  return submission.operation === 'create-mail' ? probeMail(submission, settings, context) : probeReturn(submission, settings, context);
}
