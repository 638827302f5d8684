import { CREATE_ITEM } from '../domain/flow.js';
import type { ConfigBackend } from '../domain/meeting-config.js';
import type { BackendEntry } from './backend-schema.js';
import { buildField } from './build-flow.js';
import type { ConnectorFacts } from './connector-facts.js';

/** The system behind a meeting config, of an entry that passed the checks. Where nothing else is said, the item is proposed over there
 * by the organisation of the same id. */
export function buildBackend(entry: BackendEntry, facts: ConnectorFacts | undefined): ConfigBackend {
  const { connector, forward, directWait, freshFor, readTimeout, fields } = entry;
  const takesGroup = facts?.operations.get(CREATE_ITEM)?.fields?.proposingGroup !== undefined;
  return {
    connector, forward, directWaitMs: directWait, freshForMs: freshFor, readTimeoutMs: readTimeout,
    fields: {
      ...(takesGroup && { proposingGroup: { expression: 'proposingOrganisation' } }),
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, buildField(field)])),
    },
  };
}
