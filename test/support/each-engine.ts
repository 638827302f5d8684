import { openTempPostgres, openTempStore } from './temp-store.js';
import type { TempStore, TempStoreSettings } from './temp-store.js';

/** Opens a store of its own; closing it removes everything. */
export type OpenTempStore = (settings?: TempStoreSettings) => Promise<TempStore>;

/** The same suite on every engine: the stores must not tell which one they stand on. */
export function eachEngine(name: string, suite: (open: OpenTempStore) => void): void {
  describe(`${name} (SQLite)`, () => { suite(openTempStore); });
  describe(`${name} (PostgreSQL)`, () => { suite(openTempPostgres); });
}
