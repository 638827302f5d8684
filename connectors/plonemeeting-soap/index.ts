import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import { itemFields } from '../../src/plonemeeting/fields.js';
import { checkService, choicesOf } from './check.js';
import { councilSoapSettings, type CouncilSoapSettings } from './config.js';
import { createItem } from './create-item.js';
import { identifierOf } from './identifier.js';
import { readDirectory } from './read-directory.js';
import { readAnnex, readDocument } from './read-file.js';
import { lookForItem, readItem } from './read-item.js';
import { readUser } from './read-user.js';
import { receiptOf } from './receipt.js';
import { isLinked, recognise } from './recognise.js';
import { searchItems } from './search-items.js';
import { WHO } from './service.js';
import { trackItem } from './track-item.js';

/** Stands before a PloneMeeting that speaks SOAP (ws4pm), as it did before its REST interface. */
export const ploneMeetingSoap: Connector<CouncilSoapSettings> = {
  manifest: {
    id: 'plonemeeting-soap',
    title: { fr: 'PloneMeeting (SOAP, ws4pm)', en: 'PloneMeeting (SOAP, ws4pm)' },
    kinds: ['deliberation'],
    operations: { 'create-item': { idempotence: 'natural-key', fields: itemFields, anyField: true, answersLater: true } },
  },
  settings: councilSoapSettings,
  check: checkService,
  choices: choicesOf,
  submit,
  probe,
  track: trackItem,
  deliberation: {
    directory: readDirectory, user: readUser, item: readItem, search: searchItems, isLinked, annexContent: readAnnex, document: readDocument,
  },
};

function submit(submission: Submission, settings: CouncilSoapSettings, context: ConnectorContext): Promise<Receipt> {
  if (submission.operation !== 'create-item') return Promise.reject(new Misconfigured(`The plonemeeting-soap connector does «create-item», not «${submission.operation}».`));
  return createItem(submission, settings, context);
}

async function probe(submission: Submission, settings: CouncilSoapSettings, context: ConnectorContext): Promise<Probe> {
  if (submission.foundAs !== undefined) return { found: receiptOf(await proved(submission, submission.foundAs, settings, context), submission) };
  const known = await recognise(submission, settings, context);
  return typeof known === 'string' ? known : { found: receiptOf(known.uid, submission) };
}

/** What an operator says that it is has to carry its identifier. */
async function proved(submission: Submission, uid: string, settings: CouncilSoapSettings, context: ConnectorContext): Promise<string> {
  const { item } = submission;
  const found = (await lookForItem(uid, item.creator, settings, context))?.item;
  if (found === undefined) throw new Refused(`${WHO} shows no item with the UID «${uid}», neither to the account of Relais nor to ${item.creator}.`);
  const expected = identifierOf(item);
  if (found.externalIdentifier === item.externalIdentifier && found.configId === item.configId) return found.uid;
  throw new Refused(`The item «${uid}» of ${WHO} has the identifier «${found.externalIdentifier}» in «${found.configId}»; expected «${expected}» in «${item.configId}».`);
}
