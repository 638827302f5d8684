import { expectedOneOf } from '../config/closest-word.js';
import type { DeliveryOperations } from '../delivery/operations.js';
import type { Authority } from '../domain/authority.js';
import { RelaisError } from '../errors.js';
import { requireAuthority } from './command-environment.js';
import { readConnectorRows, type ConnectorRow } from './connector-rows.js';
import { installation } from './installation.js';

type Knowing = Pick<DeliveryOperations, 'connectorStates' | 'counts'>;

/** What is known of a connector, be it that it is not configured any more. Throws RELAIS_COMMAND_USAGE. */
export async function requireConnector(operations: Knowing, authority: string, id: string): Promise<ConnectorRow> {
  const rows = await readConnectorRows(operations, authority, await configuredConnectors(authority));
  const found = rows.find(({ connector }) => connector === id);
  if (found !== undefined) return found;
  requireAuthority(authority);
  throw new RelaisError('RELAIS_COMMAND_USAGE', `found the connector ${id}, ${expectedOneOf(id, rows.map(({ connector }) => connector))}`);
}

/** The same for an option that names one, if it does: nobody is to believe that nothing waits because of a slip of the pen. The
 * configuration is read only where the store does not know it. */
export async function requireConnectorNamed(operations: Knowing, authority: string, { connector }: { readonly connector?: string }): Promise<void> {
  if (connector === undefined) return;
  const states = await operations.connectorStates(authority);
  if (!states.some((state) => state.connector === connector)) await requireConnector(operations, authority, connector);
}

/** A configuration with mistakes must not keep anybody from stopping a connector: then only what the store knows of them counts. */
export async function configuredConnectors(authority: string): Promise<Authority['connectors']> {
  try {
    const { configuration: { authorities } } = await installation();
    return authorities.find((one) => one.authority.id === authority)?.authority.connectors ?? [];
  } catch (error) {
    if (!(error instanceof RelaisError) || error.blame !== 'operator') throw error;
    process.stderr.write(`The configuration cannot be read (${error.code}, see \`relais config check\`): only connectors that had deliveries are known.\n`);
    return [];
  }
}
