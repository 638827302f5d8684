import { Gauge, type Registry } from 'prom-client';

/** What stands in the store now, whatever process brought it there. Seconds are ages. */
export interface StoreFigures {
  readonly deliveries: readonly { readonly authority: string; readonly connector: string; readonly state: string; readonly count: number; readonly oldestSeconds: number }[];
  readonly connectors: readonly { readonly authority: string; readonly connector: string; readonly isOpen: boolean; readonly isHeld: boolean }[];
  readonly journals: readonly { readonly authority: string; readonly unsealed: number; readonly unsealedSeconds: number; readonly unstamped: number; readonly unstampedSeconds: number }[];
  readonly incidents: readonly { readonly authority: string; readonly kind: string; readonly count: number }[];
}

const NOTHING: StoreFigures = { deliveries: [], connectors: [], journals: [], incidents: [] };

/** How long figures are shown again without a new look, milliseconds. */
const FRESH_MS = 5_000;
/** A look that takes long is taken less often: looking costs no more than a hundredth of the time. */
const REST = 100;

/** Gauges that are filled from the store when somebody reads them. `take` looks; it may fail, and then the gauges are empty
 * and `relais_store_up` says 0: figures that are not known must not look like zeros. */
export function addStoreGauges(registry: Registry, take: () => Promise<StoreFigures>, now: () => number = () => performance.now()): void {
  // All wait for the same look: the page is put together from all of them at once.
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge => new Gauge({ name, help, labelNames, registers: [registry], collect: refresh });
  const up = gauge('relais_store_up', 'Whether the store answered when its figures were last taken');
  const show = createGauges(gauge);
  let freshUntil = -Infinity;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const began = now();
    const figures = await take().catch(() => null);
    up.set(figures === null ? 0 : 1);
    show(figures ?? NOTHING);
    freshUntil = now() + Math.max(FRESH_MS, REST * (now() - began));
  }

  /** Of several readers at once, one looks. */
  async function refresh(): Promise<void> {
    if (now() >= freshUntil) await (looking ??= look().finally(() => { looking = undefined; }));
  }
}

function createGauges(gauge: (name: string, help: string, ...labelNames: string[]) => Gauge): (figures: StoreFigures) => void {
  const depth = gauge('relais_deliveries', 'Deliveries that are not over', 'authority', 'connector', 'state');
  const age = gauge('relais_deliveries_oldest_seconds', 'Since when the oldest of them is in its state', 'authority', 'connector', 'state');
  const breaker = gauge('relais_connector_breaker_open', 'Whether the engine has stopped a connector', 'authority', 'connector');
  const hold = gauge('relais_connector_hold', 'Whether an operator has stopped a connector', 'authority', 'connector');
  const unsealed = gauge('relais_journal_unsealed_entries', 'Entries that no seal covers', 'authority');
  const unsealedAge = gauge('relais_journal_unsealed_seconds', 'Age of the oldest of them', 'authority');
  const unstamped = gauge('relais_journal_unstamped_seals', 'Seals without a time stamp', 'authority');
  const unstampedAge = gauge('relais_journal_unstamped_seconds', 'Age of the oldest of them', 'authority');
  const incidents = gauge('relais_incidents', 'Incidents that are not over', 'authority', 'kind');
  const all = [depth, age, breaker, hold, unsealed, unsealedAge, unstamped, unstampedAge, incidents];

  return (figures) => {
    for (const one of all) one.reset();
    for (const { count, oldestSeconds, ...labels } of figures.deliveries) { depth.set(labels, count); age.set(labels, oldestSeconds); }
    for (const { isOpen, isHeld, ...labels } of figures.connectors) { breaker.set(labels, Number(isOpen)); hold.set(labels, Number(isHeld)); }
    for (const journal of figures.journals) {
      const labels = { authority: journal.authority };
      unsealed.set(labels, journal.unsealed);
      unsealedAge.set(labels, journal.unsealedSeconds);
      unstamped.set(labels, journal.unstamped);
      unstampedAge.set(labels, journal.unstampedSeconds);
    }
    for (const { count, ...labels } of figures.incidents) incidents.set(labels, count);
  };
}
