import path from 'node:path';
import { connectors as builtIn } from '../../connectors/index.js';
import type { Environment } from '../config/environment.js';
import { externalConnectorsOf } from '../config/external-connectors.js';
import { loadConfiguration, type Configuration } from '../config/load-configuration.js';
import type { Connector } from '../connector-api/connector.js';
import { withExternalConnectors } from '../connector-kit/load-external.js';
import { createSecretScrubber, type SecretScrubber } from '../platform/secret-scrubber.js';
import { findSimulation } from './simulators.js';

export interface LoadedInstallation {
  readonly configuration: Configuration;
  /** Those of this build and those that the configuration names. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Takes the secrets of the configuration out of a text. */
  readonly hide: (text: string) => string;
}

/** Loads the connectors that a configuration names, then the configuration, which is checked with them. Throws
 * RELAIS_CONNECTOR_LOAD, RELAIS_CONFIG_INVALID or RELAIS_CONFIG_DEMO_EXPOSED. */
export async function loadInstallation(file: string, env: Environment, scrubber: SecretScrubber = createSecretScrubber()): Promise<LoadedInstallation> {
  const connectors = await loadConnectors(file);
  const onSecret = (secret: string): void => scrubber.register(secret);
  return { connectors, configuration: await loadConfiguration(file, env, { connectors, findSimulation, onSecret }), hide: (text) => scrubber.scrub(text) };
}

/** The connectors that a configuration can use; it needs not be right otherwise. Throws RELAIS_CONNECTOR_LOAD. */
export function loadConnectors(file: string): Promise<ReadonlyMap<string, Connector>> {
  return withExternalConnectors(builtIn, externalConnectorsOf(file), path.dirname(path.resolve(file)));
}
