import type { Connector } from '../connector-api/connector.js';
import { RelaisError } from '../errors.js';
import { connectorMistakes, isConnector } from './connector-shape.js';
import { locateModule, rehearsalName } from './locate-module.js';
import type { Rehearsal } from './rehearsal.js';

/** The connectors of this build with those that the configuration names (`server.connectors`): npm packages, or files
 * relative to `folder`, the one of the configuration file. Every mistake is told at once: throws RELAIS_CONNECTOR_LOAD. */
export async function withExternalConnectors(own: ReadonlyMap<string, Connector>, names: readonly string[], folder: string): Promise<ReadonlyMap<string, Connector>> {
  const connectors = new Map(own);
  const mistakes: string[] = [];
  for (const name of names) {
    try {
      const connector = await loadConnector(name, folder);
      const { id } = connector.manifest;
      if (connectors.has(id)) throw new RelaisError('RELAIS_CONNECTOR_LOAD', `connector ${name}: its id ${id} is taken by another connector`);
      connectors.set(id, connector);
    } catch (error) {
      if (!(error instanceof RelaisError)) throw error;
      mistakes.push(error.message);
    }
  }
  if (mistakes.length > 0) throw new RelaisError('RELAIS_CONNECTOR_LOAD', mistakes.join('\n'));
  return connectors;
}

/** A connector from outside: the export `connector` of a module, or its default one. Throws RELAIS_CONNECTOR_LOAD. */
export async function loadConnector(name: string, folder: string): Promise<Connector> {
  const module = await load(name, folder);
  const found = module['connector'] ?? module['default'];
  if (found === undefined) throw new RelaisError('RELAIS_CONNECTOR_LOAD', `connector ${name}: found the exports ${Object.keys(module).join(', ') || '(none)'}, expected one named connector`);
  if (isConnector(found)) return found;
  throw new RelaisError('RELAIS_CONNECTOR_LOAD', connectorMistakes(found).map((mistake) => `connector ${name}: ${mistake}`).join('\n'));
}

/** How a connector from outside is rehearsed: the export `rehearsals` of its module `rehearsal`. Throws
 * RELAIS_CONNECTOR_LOAD. */
export async function loadRehearsals(name: string, folder: string): Promise<readonly Rehearsal[]> {
  const { rehearsals } = await load(rehearsalName(name), folder);
  if (Array.isArray(rehearsals) && rehearsals.every(isRehearsal)) return rehearsals;
  throw new RelaisError('RELAIS_CONNECTOR_LOAD', `connector ${rehearsalName(name)}: expected an export named rehearsals, a list of {operation, skips, open}`);
}

function isRehearsal(value: unknown): value is Rehearsal {
  return typeof value === 'object' && value !== null && 'operation' in value && 'skips' in value && 'open' in value && typeof value.open === 'function';
}

async function load(name: string, folder: string): Promise<Record<string, unknown>> {
  const address = locateModule(name, folder);
  try {
    return await import(address) as Record<string, unknown>;
  } catch (error) {
    throw new RelaisError('RELAIS_CONNECTOR_LOAD', `connector ${name}: it cannot be loaded: ${hint(error)}`, { cause: error });
  }
}

/** A package that uses the contract finds it where npm has linked this Relais to it. */
function hint(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /Cannot find package 'relais'/.test(message) ? `${message}; link this Relais to it: npm install --no-save <the folder of Relais>` : message;
}
