import type { Configuration } from '../config/load-configuration.js';
import type { StoreEngine } from '../persistence/open-store.js';

/** Where the store of a configuration is. */
export function storeEngineOf({ server: { store }, dataFolder }: Pick<Configuration, 'server' | 'dataFolder'>): StoreEngine {
  return store.engine === 'sqlite' ? { kind: 'sqlite', folder: dataFolder } : { kind: 'postgres', url: store.url, poolSize: store.poolSize };
}
