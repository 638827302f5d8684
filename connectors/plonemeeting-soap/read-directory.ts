import type { CouncilConfig, CouncilDirectory, CouncilMeeting } from '../../src/connector-api/deliberation.js';
import { connectionAnswer, meetingsAnswer, type BasicInfo, type ConfigInfo } from './answers.js';
import { askCatalogue } from './catalogue.js';
import type { CouncilSoapSettings } from './config.js';
import { momentOf } from './moments.js';
import { readPlainly, type ServiceContext } from './service.js';

/** What there is over there, of the configs with these ids. */
export async function readDirectory(configIds: readonly string[], settings: CouncilSoapSettings, context: ServiceContext): Promise<CouncilDirectory> {
  const { version } = await readPlainly('testConnection', {}, connectionAnswer, settings, context);
  const { configs, groups } = await askCatalogue(settings, context);
  const wanted = configs.filter(({ id }) => configIds.includes(id));
  const found: CouncilConfig[] = [];
  for (const config of wanted) found.push(configOf(config, await readMeetings(config.id, settings, context)));
  return { version, configs: found, organisations: groups.map(basicOf) };
}

/** All meetings that are not closed: that is what a meeting manager is told, and no state with it (contracts/ws4pm.md §3.10). Those
 * that are over take no items; whether one to come does is known for sure only when the item is handed over. */
async function readMeetings(configId: string, settings: CouncilSoapSettings, context: ServiceContext): Promise<readonly CouncilMeeting[]> {
  const { meetingInfo } = await readPlainly('meetingsAcceptingItems', { meetingConfigId: configId }, meetingsAnswer, settings, context);
  const now = context.clock.now();
  return meetingInfo.flatMap(({ UID: uid, date: told }) => {
    const date = momentOf(told, settings);
    return date === null ? [] : [{ uid, id: uid, date, state: '', acceptsItems: date >= now }];
  });
}

/** A config that uses no categories tells none, and so does one whose account may select none. */
function configOf(config: ConfigInfo, meetings: readonly CouncilMeeting[]): CouncilConfig {
  return { ...basicOf(config), categories: config.categories.length === 0 ? null : config.categories.map(basicOf), meetings, usedAttributes: null };
}

function basicOf({ UID, id, title, description }: BasicInfo): { readonly uid: string; readonly id: string; readonly title: string; readonly description: string } {
  return { uid: UID === '' ? id : UID, id, title, description };
}
