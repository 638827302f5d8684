import { readSaved, writeSaved } from '../connector-kit/saved-json.js';
import type { Exchange } from './exchange.js';
import type { TreasuryFlow, TreasuryReturn } from './treasury-flow.js';

const FILE = 'state.json';

/** What the simulated State remembers over a restart, beside its files. */
export interface SavedState {
  readonly serial: number;
  readonly flows: readonly TreasuryFlow[];
  readonly returns: readonly TreasuryReturn[];
  readonly exchanges: readonly Exchange[];
  /** How often the classification was changed. */
  readonly classification: number;
}

/** All that was ever filed, by id, in the order in which it came: nothing is ever forgotten, so natural keys hold for ever. */
export interface StateLedger {
  readonly flows: Map<string, TreasuryFlow>;
  readonly returns: Map<string, TreasuryReturn>;
  readonly exchanges: Map<string, Exchange>;
  classification: number;
  /** The next id, decimal. */
  readonly nextId: () => string;
  /** One change after the other; it is on disk when this resolves. */
  readonly inTurn: <Result>(change: () => Result | Promise<Result>) => Promise<Result>;
  readonly settled: () => Promise<void>;
}

const NOTHING: SavedState = { serial: 1000, flows: [], returns: [], exchanges: [], classification: 0 };

/** `folder`: where it is remembered over restarts; nowhere if not given. */
export async function openStateLedger(folder: string | undefined): Promise<StateLedger> {
  const saved = folder === undefined ? NOTHING : await readSaved<SavedState>(folder, FILE) ?? NOTHING;
  let { serial, classification } = saved;
  let isUnsaved = false;
  let turn: Promise<unknown> = Promise.resolve();
  const changed = (): void => { isUnsaved = true; };
  const [flows, returns, exchanges] = [watched(saved.flows, changed), watched(saved.returns, changed), watched(saved.exchanges, changed)];
  const save = sharedSave(async () => {
    isUnsaved = false;
    if (folder === undefined) return;
    const state: SavedState = { serial, classification, flows: [...flows.values()], returns: [...returns.values()], exchanges: [...exchanges.values()] };
    await writeSaved(folder, FILE, state)
      .catch((error: unknown) => { changed(); throw error; });
  });

  return {
    flows, returns, exchanges,
    get classification() { return classification; },
    set classification(changes) { classification = changes; changed(); },
    nextId: () => String(serial += 1),
    async inTurn(change) {
      const done = turn.then(change);
      turn = done.catch(() => undefined);
      const result = await done;
      // most questions change nothing
      if (isUnsaved) await save();
      return result;
    },
    async settled() { await turn; await save(); },
  };
}

/** Values by id; `changed` is called for each that is another one than before. */
function watched<Value extends { readonly id: string }>(values: readonly Value[], changed: () => void): Map<string, Value> {
  const map = new Map(values.map((value) => [value.id, value]));
  const set = map.set.bind(map);
  map.set = (id, value) => {
    if (map.get(id) !== value) changed();
    return set(id, value);
  };
  return map;
}

/** Who asks while a save runs waits for the next one, which all that wait share. */
function sharedSave(save: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running.catch(() => undefined).then(() => {
      next = undefined;
      running = save();
      return running;
    });
    return next;
  };
}
