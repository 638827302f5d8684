import { createHash } from 'node:crypto';
import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import { OPTIONAL_ATTRIBUTES, type Category, type DocumentTemplate, type Meeting, type MeetingConfig } from '../domain/meeting-config.js';
import type { Organisation } from '../domain/organisation.js';
import type { User } from '../domain/user.js';
import { stockWorkflow } from './stock-workflow.js';

const DAY = 24 * 60 * 60 * 1000;
const HALF_PAST_SIX = 18.5 * 60 * 60 * 1000;

/** Uid of the organisation that proposes the items of a conformance suite. */
const REHEARSED = 'd'.repeat(32);

/** A town that does not exist, for a simulator that no configuration describes. `now`: epoch milliseconds; its meetings are some days
 * after, whatever the time of the day. */
export function sampleTown(now: number): SimulatedTown {
  const today = Math.floor(now / DAY) * DAY;
  return {
    id: 'default', title: 'Ville de Démonstration',
    organisations: ORGANISATIONS,
    users: new Map(USERS.map((user) => [user.id, user])),
    meetingConfigs: [
      sampleConfig('meeting-config-college', 'College', 'Collège communal', today, ['description', 'detailedDescription', 'motivation', 'toDiscuss', 'associatedGroups', 'groupsInCharge']),
      sampleConfig('meeting-config-council', 'Council', 'Conseil communal', today),
    ],
    ws4pm: { dates: 'utc', timeZone: 'Europe/Brussels', clientFaultStatus: 500, htmlWarnings: 'real', language: 'fr' },
  };
}

/** The sample town with the config of which the items of a conformance suite are. */
export function rehearsalTown(now: number): SimulatedTown {
  const town = sampleTown(now);
  return { ...town, meetingConfigs: [...town.meetingConfigs, sampleConfig('college', 'Point', 'Collège', Math.floor(now / DAY) * DAY)] };
}

const ORGANISATIONS: readonly Organisation[] = [
  organisation('direction-generale', 'Direction générale', { creators: ['dgs', 'jdupont'], reviewers: ['dgs'] }, REHEARSED),
  organisation('urbanisme', 'Urbanisme', { creators: ['jdupont'], reviewers: ['mmartin'], observers: ['dgs'] }),
  organisation('finances', 'Finances', { creators: ['mmartin'], reviewers: ['mmartin'], advisers: ['mmartin'] }),
];

const USERS: readonly User[] = [
  person('dgs', 'Claire Lambert'), person('jdupont', 'Jeanne Dupont'), person('mmartin', 'Marc Martin'),
  { ...person('stagiaire', 'Lou Petit'), hasMemberArea: false },
];

function organisation(id: string, title: string, members: Organisation['members'], uid = sampleUid('organisation', id)): Organisation {
  return { uid, id, title, description: '', active: true, members };
}

function person(id: string, fullname: string): User {
  return { id, fullname, email: `${id}@ville.example`, roles: ['Member'], source: id, hasMemberArea: true };
}

function sampleConfig(id: string, shortName: string, title: string, day: number, used: readonly (typeof OPTIONAL_ATTRIBUTES)[number][] = OPTIONAL_ATTRIBUTES): MeetingConfig {
  return {
    uid: sampleUid('config', id), id, shortName, title, description: '', active: true, usedAttributes: new Set(used), usingOrganisations: [], managers: ['dgs'], powerObservers: [],
    categories: [category(id, 'affaires-generales', 'Affaires générales'), category(id, 'travaux', 'Travaux et voirie'), { ...category(id, 'budget', 'Budget'), usingOrganisations: [sampleUid('organisation', 'finances')] }],
    annexTypes: [{ id: 'annexe', title: 'Annexe', relatedTo: 'item' }, { id: 'plan', title: 'Plan', relatedTo: 'item' }, { id: 'decision-annexe', title: 'Annexe à la décision', relatedTo: 'decision' }],
    workflow: stockWorkflow(),
    meetings: [-7, 7, 14].map((days) => meeting(id, days, day)),
    templates: [template('deliberation', 'Délibération')],
    itemPositiveDecidedStates: ['accepted', 'accepted_but_modified'], preferredMeetingStates: ['created', 'frozen'], toDiscussDefault: false,
    orderedAssociatedOrganisations: [], orderedOrganisationsInCharge: [], usesAdvices: true,
    selectableAdvisers: [{ token: sampleUid('organisation', 'finances'), organisation: sampleUid('organisation', 'finances'), users: [] }], hiddenDecisionText: '',
  };
}

function category(configId: string, id: string, title: string): Category {
  return { uid: sampleUid('category', configId, id), id, title, description: '', enabled: true, usingOrganisations: [] };
}

function meeting(configId: string, days: number, day: number): Meeting {
  return {
    uid: sampleUid('meeting', configId, String(days)), id: days < 0 ? 'seance-passee' : `seance-${days}`, configId, date: day + days * DAY + HALF_PAST_SIX, state: days < 0 ? 'closed' : 'created',
    assembly: { text: '<p>Présents : Claire Lambert, bourgmestre ; Marc Martin, échevin</p>', excused: '', absents: '', guests: '', attendees: [] },
  };
}

function template(id: string, title: string): DocumentTemplate {
  return { id, title, formats: ['pdf', 'docx'], sourceFile: '', appliesTo: 'item', enabled: true, states: [] };
}

function sampleUid(...names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 32);
}
