import type { Authority, Ws4pmSettings } from '../../src/domain/authority.js';
import type { AnnexType, Category, Meeting, MeetingConfig, OptionalAttribute } from '../../src/domain/meeting-config.js';
import type { Organisation } from '../../src/domain/organisation.js';
import type { User } from '../../src/domain/user.js';
import type { Workflow } from '../../src/domain/workflow.js';

/** The instant at which the tests of the deliberation rules take place: 2027-03-01 09:00 UTC. */
export const NOW = Date.UTC(2027, 2, 1, 9);

/** Without categories, and with. */
export const PLAIN = 'meeting-config-college';
export const CATEGORISED = 'meeting-config-council';

export const DEVELOPERS = 'd'.repeat(32);
export const VENDORS = 'e'.repeat(32);
export const RETIRED = 'f'.repeat(32);

/** Meetings of the plain config, by what is special about them. */
export const MEETINGS = {
  past: '10'.repeat(16),
  closed: '20'.repeat(16),
  decided: '30'.repeat(16),
  created: '40'.repeat(16),
  frozen: '50'.repeat(16),
} as const;

const day = 24 * 3_600_000;

const workflow: Workflow = {
  initial: 'itemcreated',
  states: [
    { id: 'itemcreated', title: 'Créé', visibleTo: ['members'] },
    { id: 'proposed', title: 'Proposé', visibleTo: ['members', 'advisers'] },
    { id: 'validated', title: 'Validé', visibleTo: ['members', 'advisers', 'managers', 'powerObservers'] },
    { id: 'presented', title: 'Présenté', visibleTo: ['members', 'advisers', 'managers', 'powerObservers'] },
    { id: 'accepted', title: 'Accepté', visibleTo: ['members', 'advisers', 'managers', 'powerObservers'] },
  ],
  transitions: [
    { id: 'propose', title: 'Proposer', from: ['itemcreated'], to: 'proposed', allowedTo: ['creators'], needsMeeting: false },
    { id: 'validate', title: 'Valider', from: ['proposed'], to: 'validated', allowedTo: ['reviewers'], needsMeeting: false },
    { id: 'present', title: 'Présenter', from: ['validated'], to: 'presented', allowedTo: ['managers'], needsMeeting: true },
    { id: 'accept', title: 'Accepter', from: ['presented'], to: 'accepted', allowedTo: ['managers'], needsMeeting: false },
  ],
};

const organisations: Organisation[] = [
  {
    uid: DEVELOPERS, id: 'developers', title: 'Développeurs', description: '', active: true,
    members: { creators: ['creator1', 'manager', 'newcomer'], reviewers: ['manager'], observers: [], advisers: [] },
  },
  {
    uid: VENDORS, id: 'vendors', title: 'Vendeurs', description: 'Les vendeurs', active: true,
    members: { creators: ['creator2'], reviewers: ['reviewer2'], observers: [], advisers: ['manager'] },
  },
  { uid: RETIRED, id: 'retired', title: 'Anciens', description: '', active: false, members: { creators: ['creator1'] } },
];

function user(id: string, fullname: string, change: Partial<User> = {}): User {
  return { id, fullname, email: `${id}@example.be`, roles: ['Member'], source: id, hasMemberArea: true, ...change };
}

const users = [
  user('creator1', 'Créatrice Un'),
  user('creator2', 'Créateur Deux'),
  user('manager', 'Secrétaire de séance', { source: 'ged' }),
  user('reviewer2', 'Relectrice Deux'),
  /** Creator in developers who never connected. */
  user('newcomer', 'Nouvelle Venue', { hasMemberArea: false }),
  user('admin', 'Administrateur', { roles: ['Member', 'Manager'] }),
];

function category(id: string, change: Partial<Category> = {}): Category {
  return { uid: `category-${id}`, id, title: `Catégorie ${id}`, description: '', enabled: true, usingOrganisations: [], ...change };
}

const categories = [
  category('development'),
  category('events', { description: 'Les événements' }),
  category('marketing', { usingOrganisations: [VENDORS] }),
  category('abandoned', { enabled: false }),
];

const annexTypes: AnnexType[] = [
  { id: 'decision-annex', title: 'Annexe à la décision', relatedTo: 'decision' },
  { id: 'financial-analysis', title: 'Analyse financière', relatedTo: 'item' },
  { id: 'overhead-analysis', title: 'Analyse détaillée', relatedTo: 'item' },
];

function meeting(uid: string, id: string, inDays: number, state: string, configId: string): Meeting {
  return {
    uid, id, configId, date: NOW + inDays * day, state,
    assembly: { text: '', excused: '', absents: '', guests: '', attendees: [] },
  };
}

function meetingConfig(change: Pick<MeetingConfig, 'id' | 'uid' | 'shortName' | 'title'> & Partial<MeetingConfig>): MeetingConfig {
  return {
    description: '', active: true, usedAttributes: new Set<OptionalAttribute>(['description', 'detailedDescription']),
    usingOrganisations: [], managers: ['manager'], powerObservers: [], categories: [], annexTypes, workflow, meetings: [], templates: [],
    itemPositiveDecidedStates: ['accepted', 'accepted_but_modified'], preferredMeetingStates: ['created', 'frozen'],
    toDiscussDefault: true, orderedAssociatedOrganisations: [], orderedOrganisationsInCharge: [], usesAdvices: false,
    selectableAdvisers: [], hiddenDecisionText: '', ...change,
  };
}

/** Two meeting configs (without and with categories) and the people of contracts/ws4pm.md §6, plus `admin` (global
 * Manager) and `newcomer` (no member area). The meetings are declared out of order. */
export function sampleAuthority(ws4pm: Partial<Ws4pmSettings> = {}): Authority {
  const plain = meetingConfig({
    id: PLAIN, uid: '1'.repeat(32), shortName: 'College', title: 'Collège communal',
    meetings: [
      meeting(MEETINGS.frozen, 'm-frozen', 21, 'frozen', PLAIN),
      meeting(MEETINGS.created, 'm-created', 14, 'created', PLAIN),
      meeting(MEETINGS.decided, 'm-decided', 7, 'decided', PLAIN),
      meeting(MEETINGS.past, 'm-past', -14, 'created', PLAIN),
      meeting(MEETINGS.closed, 'm-closed', -7, 'closed', PLAIN),
    ],
  });
  const categorised = meetingConfig({
    id: CATEGORISED, uid: '2'.repeat(32), shortName: 'Council', title: 'Conseil communal', description: 'Séances publiques',
    usedAttributes: new Set<OptionalAttribute>(['category', 'description', 'detailedDescription']), categories,
  });
  return {
    id: 'default', title: 'Ville de démonstration', path: '', organisations,
    users: new Map(users.map((one) => [one.id, one])),
    meetingConfigs: [plain, categorised], sources: new Map(), connectors: [], flows: [], deposits: [], tables: new Map(), retention: [],
    limits: { requestBytes: 1 << 30, textBytes: 1 << 24, depth: 100, elements: 50_000, attributes: 10_000, idleMs: 30_000 },
    ws4pm: { dates: 'utc', timeZone: 'Europe/Brussels', clientFaultStatus: 500, htmlWarnings: 'any', language: 'en', ...ws4pm },
  };
}

/** The authority with one of its meeting configs changed. */
export function withConfig(authority: Authority, configId: string, change: Partial<MeetingConfig>): Authority {
  return { ...authority, meetingConfigs: authority.meetingConfigs.map((config) => (config.id === configId ? { ...config, ...change } : config)) };
}

/** The authority with more optional attributes enabled in one of its meeting configs. */
export function enabling(authority: Authority, configId: string, ...attributes: OptionalAttribute[]): Authority {
  const used = authority.meetingConfigs.find((config) => config.id === configId)?.usedAttributes ?? [];
  return withConfig(authority, configId, { usedAttributes: new Set<OptionalAttribute>([...used, ...attributes]) });
}
