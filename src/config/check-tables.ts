import { expectedOneOf } from './closest-word.js';
import { sourcesOf } from './check-flows.js';
import { texts, type Report } from './check-names.js';
import { holdsReference } from './resolve-references.js';
import { select, type Selected } from './select.js';

const REFERENCE = 'expected the value itself: references stand in settings, not in what is sent';

/** Checks the names and the rows of tables, and the constants of fields. */
export function checkTables(data: unknown, report: Report): void {
  checkGroups(select(data, 'tables.*.bySource.*'), 'source', sourcesOf(data), report);
  checkGroups(select(data, 'tables.*.byConnector.*'), 'connector', texts(data, 'connectors.*.id'), report);
  for (const group of ['tables.*.rows', 'tables.*.bySource.*', 'tables.*.byConnector.*']) for (const rows of select(data, group)) checkRows(rows, report);
  const constants = ['steps', 'onRejection'].flatMap((steps) => ['', '.value', '.expression', '.from'].flatMap((part) => select(data, `flows.*.${steps}.*.fields.*${part}`)));
  for (const { path, value } of [...constants, ...select(data, 'tables.*.unknown.default')]) reportReference(path, value, report);
}

function checkGroups(groups: readonly Selected[], what: string, known: readonly string[], report: Report): void {
  for (const { path } of groups) {
    const name = String(path.at(-1));
    if (!known.includes(name)) report(path, `found the unknown ${what} ${name}, ${expectedOneOf(name, known)}`, 'key');
  }
}

/** Keys are compared without the blanks around them. */
function checkRows({ path, value: rows }: Selected, report: Report): void {
  const seen = new Set<string>();
  for (const { path: place, value } of select(rows, '*', path)) {
    const key = String(place.at(-1)).trim();
    if (seen.has(key)) report(place, `found the row ${key} a second time, expected it once`, 'key');
    seen.add(key);
    reportReference(place, value, report);
  }
}

/** Only such that look like ours: ${ has a meaning of its own in JSONata. */
function reportReference(path: Selected['path'], value: unknown, report: Report): void {
  if (typeof value === 'string' && holdsReference(value) && /\$\{(?:data|env:[^{}]+|file:[^{}]+)\}/.test(value)) report(path, `found a reference, ${REFERENCE}`);
}
