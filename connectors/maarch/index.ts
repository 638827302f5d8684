import type { Connector, ConnectorContext } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { statusList, typeList } from './answers.js';
import { maarchClient } from './client.js';
import { maarchSettings, type MaarchSettings } from './config.js';
import { createResource, findCreated } from './create-resource.js';
import { createFields, CUSTOM_PREFIX, updateFields } from './fields.js';
import { surveyResources, trackResource } from './track-resource.js';
import { findUpdated, updateResource } from './update-resource.js';

/** So many numbers stand in one search. */
const SURVEYED = 200;

/** Puts letters into Maarch Courrier, writes into those that are there, and reads how they stand. */
export const maarch: Connector<MaarchSettings> = {
  manifest: {
    id: 'maarch',
    title: { fr: 'Maarch Courrier', en: 'Maarch Courrier' },
    kinds: ['*'],
    operations: {
      'create-resource': { idempotence: 'client-key', fields: createFields, anyField: { prefix: CUSTOM_PREFIX }, answersLater: true },
      'update-resource': { idempotence: 'client-key', fields: updateFields, anyField: { prefix: CUSTOM_PREFIX } },
    },
  },
  settings: maarchSettings,
  check,
  async submit(submission, settings, context) {
    return requireOperation(submission.operation) === 'create-resource' ? createResource(submission, settings, context) : updateResource(submission, settings, context);
  },
  async probe(submission, settings, context) {
    return requireOperation(submission.operation) === 'create-resource' ? findCreated(submission, settings, context) : findUpdated(submission, settings, context);
  },
  track: (receipt, _submission, settings, context) => trackResource(receipt, settings, context),
  survey: { atMost: SURVEYED, ask: surveyResources },
};

function requireOperation(operation: string): 'create-resource' | 'update-resource' {
  if (operation === 'create-resource' || operation === 'update-resource') return operation;
  throw new Misconfigured(`The maarch connector does «create-resource» and «update-resource», not «${operation}».`);
}

/** The account, and the statuses and attachment types of the settings. */
async function check(settings: MaarchSettings, context: ConnectorContext): Promise<void> {
  try {
    const client = maarchClient(settings, context);
    const { statuses } = await client.ask({ method: 'GET', path: '/statuses' }, statusList);
    requireKnown('status', [settings.status, ...settings.doneStatuses, ...settings.refusedStatuses], statuses.map(({ id }) => id));
    const { attachmentsTypes } = await client.ask({ method: 'GET', path: '/attachmentsTypes' }, typeList);
    requireKnown('attachment type', [settings.attachmentType, ...Object.values(settings.attachmentTypes), ...settings.bringBack], Object.values(attachmentsTypes).map(({ typeId }) => typeId));
  } catch (error) {
    throw checkFailed(error, 'Maarch could not be tried.');
  }
}

function requireKnown(what: string, used: readonly string[], known: readonly string[]): void {
  const unknown = used.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Misconfigured(`Maarch has no ${what} «${unknown}». It has ${known.join(', ')}.`);
}
