import type { Report } from './check-names.js';
import { valueAt } from './explain-issue.js';
import { select } from './select.js';

/** The settings of a simulated other side at a port of this machine. */
export type SettingsAt = (port: number) => Readonly<Record<string, unknown>>;

/** How the other side of a connector type is reached when it is simulated inside of the gateway; undefined where that cannot be. */
export type FindSimulation = (type: string) => Promise<SettingsAt | undefined>;

/** Asks, for every connector of an authority that is to be simulated, how it is then reached. Returns settings by position in
 * the list of connectors; what cannot be simulated is reported. */
export async function simulatedSettings(data: unknown, types: ReadonlySet<string>, find: FindSimulation, report: Report): Promise<ReadonlyMap<number, Readonly<Record<string, unknown>>>> {
  const found = new Map<number, Readonly<Record<string, unknown>>>();
  for (const { path, value } of select(data, 'connectors.*')) {
    const [port, type] = [valueAt(value, ['simulated']), valueAt(value, ['type'])];
    // what is no port, or no type, is reported as such
    if (typeof port !== 'number' || typeof type !== 'string' || !types.has(type)) continue;
    const settingsAt = await find(type);
    if (settingsAt === undefined) report([...path, 'simulated'], `found ${port}, but ${type} has no simulator that runs inside of Relais; expected no such key, and settings for \`relais simulate ${type}\``);
    else found.set(Number(path.at(-1)), settingsAt(port));
  }
  return found;
}
