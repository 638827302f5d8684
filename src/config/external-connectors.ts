import { select } from './select.js';
import { mainFileValue } from './main-file-value.js';

/** What `server.connectors` of a configuration names: npm packages, and files relative to the folder of the main file. They
 * must be loaded before the configuration can be checked, so this asks no more of the file than that; empty when nothing
 * can be read, which the check then reports. */
export function externalConnectorsOf(file: string): string[] {
  return select(mainFileValue(file), 'server.connectors.*').map(({ value }) => value).filter((value) => typeof value === 'string');
}
