import { wallClock } from '../../src/domain/wall-clock.js';
import type { Category, Meeting, MeetingConfig } from '../../src/domain/meeting-config.js';
import type { Organisation } from '../../src/domain/organisation.js';
import { createHash } from 'node:crypto';
import type { Demand } from './simulated-demand.js';
import type { Call } from './simulated-platform.js';

type Place = Pick<Call, 'base' | 'desk' | 'since'>;

/** Id of the root of all organisations. */
export const ROOT_ORGANISATION = 'plonegroup-organization';

/** When everything that was always there was made: the configuration has no dates of its own. */
const LONG_AGO = '2020-01-06T09:00:00+00:00';

const INCLUDES: readonly string[] = [];

/** Summary of an element that is neither item nor annex. */
function element(id: string, type: string, { UID, short, title, description, state }: { readonly UID: string; readonly short: string; readonly title: string; readonly description: string; readonly state: string }): object {
  return { '@extra_includes': INCLUDES, '@id': id, '@type': type, UID, id: short, title, description, review_state: state, created: LONG_AGO, modified: LONG_AGO, enabled: true };
}

export function organisationElement({ uid, id, title, description }: Organisation, { base, since }: Place): object {
  const own = element(`${base}/contacts/${ROOT_ORGANISATION}/${id}`, 'organization', { UID: uid, short: id, title, description, state: 'active' });
  return { ...own, ...since('2.12') && { full_id: id } };
}

/** The root, which a list of organisations holds too (contracts/plonemeeting-rest.md §8.3). */
export function rootElement({ base, since, desk }: Place): object {
  const own = element(`${base}/contacts/${ROOT_ORGANISATION}`, 'organization', { UID: elementUid(ROOT_ORGANISATION), short: ROOT_ORGANISATION, title: desk.town().title, description: '', state: 'active' });
  return { ...own, ...since('2.12') && { full_id: '' } };
}

export function categoryElement({ uid, id, title, description, enabled }: Category, config: MeetingConfig, { base }: Place): object {
  return { ...element(`${configUrl(config, base)}/categories/${id}`, 'meetingcategory', { UID: uid, short: id, title, description, state: 'active' }), enabled };
}

export function configElement(config: MeetingConfig, { base }: Place): object {
  const { uid, id, title, description } = config;
  return element(configUrl(config, base), 'MeetingConfig', { UID: uid, short: id, title, description, state: 'active' });
}

/** A meeting. Its date is the time on the clocks of the town, without an offset (§1). */
export function meetingElement(meeting: Meeting, demand: Demand, place: Place): object {
  const town = place.desk.town();
  const config = town.meetingConfigs.find(({ id }) => id === meeting.configId);
  const title = `Séance du ${naive(meeting.date, town.ws4pm.timeZone).slice(0, 16).replace('T', ' ')}`;
  const own = element(`${place.base}/seances/${meeting.configId}/${meeting.id}`, `Meeting${config?.shortName ?? ''}`, { UID: meeting.uid, short: meeting.id, title, description: '', state: meeting.state });
  const isDated = !demand.isFull || demand.everything || demand.metadataFields.includes('date');
  return {
    ...own, ...isDated && { date: naive(meeting.date, town.ws4pm.timeZone) }, ...assemblyFields(meeting, demand),
    ...demand.additionalValues.some((name) => name === '*' || name === 'formatted_assembly') && { formatted_assembly: meeting.assembly.text },
  };
}

function assemblyFields({ assembly: { text, excused, absents, guests } }: Meeting, { everything, metadataFields }: Demand): object {
  const fields = Object.entries({ assembly: text, assembly_excused: excused, assembly_absents: absents, assembly_guests: guests });
  return Object.fromEntries(fields.filter(([name]) => everything || metadataFields.includes(name)).map(([name, data]) => [name, { 'content-type': 'text/html', data, 'encoding': 'utf-8' }]));
}

/** `2027-03-02T18:30:00` */
export function naive(at: number, timeZone: string): string {
  return new Date(wallClock(timeZone, at)).toISOString().slice(0, 19);
}

/** `2027-03-02T17:30:00+00:00` */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}

/** Of what has none of its own. */
export function elementUid(...names: readonly string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 32);
}

function configUrl({ id }: MeetingConfig, base: string): string {
  return `${base}/portal_plonemeeting/${id}`;
}
