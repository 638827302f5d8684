import type { Connector } from '../src/connector-api/connector.js';
import { folder } from './folder/index.js';

/** Every connector that this build knows, by id. Adding one is one line here. */
export const connectors: ReadonlyMap<string, Connector> = new Map<string, Connector>([folder].map((connector) => [connector.manifest.id, connector]));
