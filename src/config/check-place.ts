import { refer, texts, type Report } from './check-names.js';
import { meetingConfigFacts } from './meeting-config-facts.js';
import { select } from './select.js';

/** Checks the names that the places of a pattern such as `deposits.*` use; `data` is the authority. What is missing is told by the schema. */
export function checkPlaces(data: unknown, pattern: string, report: Report): void {
  const users = texts(data, 'users.*.id');
  const organisations = [...texts(data, 'organisations.*.id'), ...texts(data, 'organisations.*.uid')];
  const configs = meetingConfigFacts(data);
  for (const { path, value } of select(data, pattern)) {
    // Without any user or organisation the schema has said so; every name of one would only repeat it.
    if (users.length > 0) refer(value, 'account', 'user', users, report, path);
    if (organisations.length > 0) refer(value, 'organisation', 'organisation', organisations, report, path);
    refer(value, 'meetingConfig', 'meeting config', configs.map(({ id }) => id), report, path);
    const config = configs.find(({ id }) => id === texts(value, 'meetingConfig')[0]);
    if (config === undefined) continue;
    const annexTypes = config.annexTypes.filter(({ relatedTo }) => relatedTo === 'item').map(({ id }) => id);
    refer(value, 'annexType', 'annex type of items', annexTypes, report, path);
  }
}
