import { texts, type Report } from './check-names.js';
import { checkPlaces } from './check-place.js';
import type { ConnectorFacts } from './connector-facts.js';
import { select } from './select.js';

/** Checks where what connectors collect comes to stand, and that they can collect. */
export function checkCollecting(data: unknown, connectors: ReadonlyMap<string, ConnectorFacts>, report: Report): void {
  checkPlaces(data, 'connectors.*.collect', report);
  for (const { path, value } of select(data, 'connectors.*')) {
    const [type = ''] = texts(value, 'type');
    const facts = connectors.get(type);
    if (facts === undefined || facts.collects !== undefined || select(value, 'collect').length === 0) continue;
    report([...path, 'collect'], `found collect, but nothing can be collected from a ${type}, expected no such key`, 'key');
  }
}
