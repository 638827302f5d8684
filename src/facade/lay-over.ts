import type { CouncilConfig, CouncilMeeting, CouncilUser } from '../connector-api/deliberation.js';
import type { Authority } from '../domain/authority.js';
import { OPTIONAL_ATTRIBUTES, type Meeting, type MeetingAssembly, type MeetingConfig, type OptionalAttribute } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import { layOverOrganisations } from './lay-over-organisations.js';
import type { SeenDirectory } from './seen-directory.js';

/** People over there who are known, by their id here. */
export type CouncilUsers = ReadonlyMap<string, CouncilUser>;

/** Who sits over there is told item by item. */
const UNKNOWN_ASSEMBLY: MeetingAssembly = { text: '', excused: '', absents: '', guests: '', attendees: [] };

/** The authority as it is declared, with what the system behind some of its meeting configs says. Title, description, categories, meetings
 * and used attributes of these configs are those of over there; so are organisations, which keep a declared uid. Declared accounts
 * and members stay, those of over there are added. Pure. */
export function layOver(authority: Authority, connector: string, seen: SeenDirectory, users: CouncilUsers): Authority {
  const { organisations, uidOf } = layOverOrganisations(authority.organisations, seen, users);
  const configs = new Map(seen.directory.configs.map((config) => [config.id, config]));
  return {
    ...authority,
    organisations,
    users: withUsers(authority.users, connectorConfigs(authority, connector), users),
    meetingConfigs: authority.meetingConfigs.map((declared) => {
      const config = withUids(declared, uidOf);
      return config.backend?.connector === connector ? layOverConfig(config, configs.get(config.id), users) : config;
    }),
  };
}

/** Ids of the meeting configs with that system behind them. */
export function connectorConfigs({ meetingConfigs }: Pick<Authority, 'meetingConfigs'>, connector: string): string[] {
  return meetingConfigs.filter(({ backend }) => backend?.connector === connector).map(({ id }) => id);
}

/** Accounts are declared, and stay what they are; the others are people, who may use the service, and for whom only a Manager acts who may
 * do everything over there. */
function withUsers(declared: ReadonlyMap<string, User>, configs: readonly string[], users: CouncilUsers): ReadonlyMap<string, User> {
  const all = new Map(declared);
  for (const [id, { fullname, email, categories, isManager = false }] of users) {
    const user: User = declared.get(id) ?? { id, fullname: fullname === '' ? id : fullname, email, roles: isManager ? ['Member', 'Manager'] : ['Member'], source: id, hasMemberArea: true };
    const selectable = Object.fromEntries(Object.entries(categories).filter(([config]) => configs.includes(config)));
    all.set(id, Object.keys(selectable).length === 0 ? user : { ...user, categories: { ...user.categories, ...selectable } });
  }
  return all;
}

function layOverConfig(declared: MeetingConfig, config: CouncilConfig | undefined, users: CouncilUsers): MeetingConfig {
  const people = { managers: withThose(declared.managers, users, 'manages', declared.id), powerObservers: withThose(declared.powerObservers, users, 'observes', declared.id) };
  if (config === undefined) return { ...declared, ...people };
  return {
    ...declared, ...people,
    uid: config.uid, title: config.title, description: config.description, ...(config.meetingChosenBy !== undefined && { meetingChosenBy: config.meetingChosenBy }),
    usedAttributes: usedAttributes(declared, config),
    categories: (config.categories ?? []).map((category) => ({ ...category, enabled: true, usingOrganisations: restriction(declared, category.id) })),
    meetings: config.meetings.map((meeting) => meetingOf(meeting, declared.id)).toSorted((one, other) => one.date - other.date),
  };
}

function withThose(declared: readonly string[], users: CouncilUsers, role: 'manages' | 'observes', configId: string): readonly string[] {
  return [...new Set([...declared, ...[...users].flatMap(([id, user]) => (user[role].includes(configId) ? [id] : []))])];
}

/** Categories are used where there are some over there, whatever is declared. */
function usedAttributes({ usedAttributes: declared }: MeetingConfig, { usedAttributes: told, categories }: CouncilConfig): ReadonlySet<OptionalAttribute> {
  const used: ReadonlySet<string> = told === null ? declared : new Set(told);
  return new Set(OPTIONAL_ATTRIBUTES.filter((attribute) => (attribute === 'category' ? categories !== null : used.has(attribute))));
}

/** Who may select a category is declared where the system behind does not say it person by person. */
function restriction({ categories }: MeetingConfig, id: string): readonly string[] {
  return categories.find((category) => category.id === id)?.usingOrganisations ?? [];
}

function meetingOf({ uid, id, date, state, acceptsItems }: CouncilMeeting, configId: string): Meeting {
  return { uid, id, configId, date, state, acceptsItems, assembly: UNKNOWN_ASSEMBLY };
}

/** The same config, naming organisations by the uids that they have now. */
function withUids(config: MeetingConfig, uidOf: (uid: string) => string): MeetingConfig {
  return {
    ...config,
    usingOrganisations: config.usingOrganisations.map(uidOf),
    orderedAssociatedOrganisations: config.orderedAssociatedOrganisations.map(uidOf),
    orderedOrganisationsInCharge: config.orderedOrganisationsInCharge.map(uidOf),
    categories: config.categories.map((category) => ({ ...category, usingOrganisations: category.usingOrganisations.map(uidOf) })),
    selectableAdvisers: config.selectableAdvisers.map(({ organisation, token, users }) =>
      ({ organisation: uidOf(organisation), token: `${uidOf(organisation)}${token.slice(organisation.length)}`, users })),
  };
}
