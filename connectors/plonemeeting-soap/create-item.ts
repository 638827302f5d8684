import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Receipt, Submission } from '../../src/connector-api/connector.js';
import { askedGroup, givenAnnexes } from '../../src/plonemeeting/asked.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import { creationAnswer } from './answers.js';
import { groupUid } from './catalogue.js';
import type { CouncilSoapSettings } from './config.js';
import { creationRequest } from './creation-request.js';
import { leavesOutUnused } from './fields.js';
import { receiptOf } from './receipt.js';
import { recognise } from './recognise.js';
import { ask, plainly } from './service.js';
import { knownUnused, rememberUnused, unusedAttributeIn } from './unused-attributes.js';

/** Makes the item over there, unless it is there already. All that can be known to be wrong is looked for before the mark. */
export async function createItem(submission: Submission, settings: CouncilSoapSettings, context: ConnectorContext): Promise<Receipt> {
  const group = await groupUid(askedGroup(submission), settings, context);
  const known = await recognise(submission, settings, context);
  if (typeof known === 'object') return receiptOf(known.uid, submission);
  for (const annex of givenAnnexes(submission)) await proveAnnex(annex, context);
  await context.markSent();
  const { UID, warnings } = await handOver(submission, group, settings, context).catch((error: unknown) => { throw plainly(error); });
  if (warnings.length > 0) context.logger.warn('The item was taken with warnings', { uid: UID, warnings });
  return receiptOf(UID, submission, warnings);
}

/** Each fault ends the transaction over there, so that what the config does not use can be left out and the rest asked again. */
async function handOver(submission: Submission, group: string, settings: CouncilSoapSettings, context: ConnectorContext): Promise<{ readonly UID: string; readonly warnings: readonly string[] }> {
  const { configId } = submission.item;
  const leavesOut = leavesOutUnused(submission);
  const bytes = givenAnnexes(submission).reduce((sum, { size }) => sum + size, 0);
  let unused: ReadonlySet<string> = leavesOut ? knownUnused(configId, settings, context.clock.now()) : new Set();
  for (;;) {
    try {
      const { UID, warnings } = await ask('createItem', creationRequest(submission, group, unused, settings, context), creationAnswer, settings, context, { bytes });
      return { UID, warnings };
    } catch (error) {
      const name = leavesOut && error instanceof SoapFault ? unusedAttributeIn(error) : undefined;
      if (name === undefined || unused.has(name)) throw error;
      unused = new Set([...unused, name]);
      rememberUnused(configId, unused, settings, context.clock.now());
      context.logger.info('The meeting config does not use an attribute; it is left out', { config: configId, attribute: name });
    }
  }
}
