import type { Connector, ConnectorContext } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { cmisClient } from './client.js';
import { cmisSettings, type CmisSettings } from './config.js';
import { createDocument, findCreated } from './create-document.js';
import { createFields, PROPERTY_PREFIX, updateFields } from './fields.js';
import { findFolder, pathsOf } from './folders.js';
import { definitionsOf, requireKeyProperty } from './properties.js';
import { forget } from './repository.js';
import { findUpdated, updateDocument } from './update-document.js';

/** Files documents in a repository that speaks CMIS 1.1 (browser binding), such as Alfresco and Nuxeo, and makes new versions there. */
export const cmis: Connector<CmisSettings> = {
  manifest: {
    id: 'cmis',
    title: { fr: 'GED par CMIS (Alfresco, Nuxeo)', en: 'Document repository by CMIS (Alfresco, Nuxeo)' },
    kinds: ['*'],
    operations: {
      'create-document': { idempotence: 'client-key', fields: createFields, anyField: { prefix: PROPERTY_PREFIX } },
      'update-document': { idempotence: 'client-key', fields: updateFields, anyField: { prefix: PROPERTY_PREFIX } },
    },
  },
  settings: cmisSettings,
  check,
  async submit(submission, settings, context) {
    return requireOperation(submission.operation) === 'create-document' ? createDocument(submission, settings, context) : updateDocument(submission, settings, context);
  },
  async probe(submission, settings, context) {
    return requireOperation(submission.operation) === 'create-document' ? findCreated(submission, settings, context) : findUpdated(submission, settings, context);
  },
};

function requireOperation(operation: string): 'create-document' | 'update-document' {
  if (operation === 'create-document' || operation === 'update-document') return operation;
  throw new Misconfigured(`The cmis connector does «create-document» and «update-document», not «${operation}».`);
}

/** The repository, the folder, the types and the key property of the settings. */
async function check(settings: CmisSettings, context: ConnectorContext): Promise<void> {
  try {
    forget(settings);
    const client = cmisClient(settings, context);
    const { base } = pathsOf(null, settings);
    await findFolder(client, { base, path: base });
    const { key, type, annexType, aspects } = settings;
    const keyAspects = key?.aspect === undefined ? [] : [key.aspect];
    for (const one of new Set([type, annexType])) {
      requireKeyProperty(await definitionsOf(client, [one, ...aspects, ...keyAspects]), settings);
    }
  } catch (error) {
    throw checkFailed(error, 'The repository could not be tried.');
  }
}
