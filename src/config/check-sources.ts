import { backedConfigIds } from './check-backends.js';
import { sourcesOf } from './check-flows.js';
import { refer, reportRepeated, texts, type Report } from './check-names.js';
import { expectedOneOf } from './closest-word.js';
import { meetingConfigFacts } from './meeting-config-facts.js';
import { select, selectTexts } from './select.js';

/** Checks what `sources` says of applications, and the names that it uses. */
export function checkSources(data: unknown, report: Report): void {
  refer(data, 'sources.*.id', 'source', sourcesOf(data), report);
  for (const { path, value } of select(data, 'sources.*.users')) {
    const keys = select(value, '*', path).map((one) => ({ path: one.path, value: String(one.path.at(-1)).trim() }));
    reportRepeated(keys, (place, message) => { report(place, message, 'key'); });
  }
  const configs = meetingConfigFacts(data);
  const types = [...new Set(configs.flatMap(({ annexTypes }) => annexTypes.filter(({ relatedTo }) => relatedTo === 'item').map(({ id }) => id)))];
  if (configs.length > 0) for (const place of ['annexType', 'annexTypesByExtension.*']) refer(data, `sources.*.creation.${place}`, 'annex type', types, report);
  // What a system behind knows besides is asked for when it is there, not here.
  if (backedConfigIds(data).length > 0) return;
  refer(data, 'sources.*.users.*', 'user', texts(data, 'users.*.id'), report);
  refer(data, 'sources.*.creation.proposingGroup', 'organisation', [...texts(data, 'organisations.*.id'), ...texts(data, 'organisations.*.uid')], report);
  if (configs.length === 0) return;
  refer(data, 'sources.*.creation.category', 'category', [...new Set(configs.flatMap(({ categories }) => categories))], report);
  const states = [...new Set(configs.flatMap((config) => config.states))];
  for (const { path } of selectTexts(data, 'sources.*.states.*')) {
    const state = String(path.at(-1));
    if (!states.includes(state)) report(path, `found the unknown state ${state}, ${expectedOneOf(state, states)}`, 'key');
  }
}
