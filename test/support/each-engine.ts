import { openTempStore } from './temp-store.js';
import type { TempStore } from './temp-store.js';

export type OpenTempStore = () => Promise<TempStore>;

/** Describes the same behaviour on every database that Relais runs on. `open` gives a new, empty store each time. */
export function eachEngine(name: string, suite: (open: OpenTempStore) => void): void {
  describe(`${name} (SQLite)`, () => { suite(() => openTempStore()); });
}
