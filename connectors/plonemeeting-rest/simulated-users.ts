import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { organisationsWith, reachesConfig, selectableCategories } from '../../src/council-desk/town-rights.js';
import { isMember } from '../../src/domain/organisation.js';
import type { User } from '../../src/domain/user.js';
import { json, nothing, unauthorized } from './simulated-answers.js';
import { demandOf, type Demand } from './simulated-demand.js';
import { categoryElement, configElement, organisationElement } from './simulated-elements.js';
import { hasRole } from './simulated-entry.js';
import type { Call } from './simulated-platform.js';

/** Versions of the packages beside the one that matters. */
const PACKAGES = { 'Products.PloneMeeting': '4.2.28', 'imio.restapi': '1.0rc2' };

/** `@infos`: what and who it is. A caller whom nobody knows is answered too, unless it is refused (contracts/plonemeeting-rest.md §1.1). */
export function infos(user: User | null, version: string): HttpReply {
  return json({ connected_user: user?.id ?? null, packages: { ...PACKAGES, 'plonemeeting.restapi': version }, stats: {} });
}

/** `@users/<id>`: oneself, or anybody for who has a role. Its errors have no words. */
export function userReply(call: Call, id: string): HttpReply {
  if (id !== call.caller.id && !hasRole(call)) return nothing(401);
  const user = call.desk.user(id);
  if (user === undefined) return nothing(404);
  const demand = demandOf(call.query);
  return json({ ...userElement(user, call), ...Object.assign({}, ...demand.includes.map((include) => includedOf(user, include, demand, call))) as object });
}

/** `@users?query=`. */
export function listUsers(call: Call): HttpReply {
  if (!hasRole(call)) return unauthorized('You are not authorized to list users.');
  const wanted = (call.query.get('query') ?? '').toLowerCase();
  const found = [...call.desk.town().users.values()].filter(({ id, fullname }) => `${id} ${fullname}`.toLowerCase().includes(wanted));
  return json(found.slice(0, Number(call.query.get('limit') ?? PAGE) || PAGE).map((user) => userElement(user, call)));
}

const PAGE = 25;

function userElement({ id, fullname, email, roles }: User, { base }: Call): object {
  return { '@id': `${base}/@users/${encodeURIComponent(id)}`, id, 'username': id, 'fullname': fullname === '' ? null : fullname, 'email': email === '' ? null : email, 'roles': roles, 'description': null, 'home_page': null, 'location': null, 'portrait': null };
}

function includedOf(user: User, include: string, demand: Demand, call: Call): object {
  const found = INCLUDED[include]?.(user, demand, call);
  if (found === undefined) return {};
  return { [`extra_include_${include}`]: found, ...Array.isArray(found) && { [`extra_include_${include}_items_total`]: found.length } };
}

const INCLUDED: Readonly<Partial<Record<string, (user: User, demand: Demand, call: Call) => object>>> = {
  groups: groupsOf,
  app_groups: appGroups,
  configs: (user, _demand, call) => call.desk.town().meetingConfigs.filter((config) => config.active && reachesConfig(call.desk.town(), config, user)).map((config) => configElement(config, call)),
  categories: categoriesOf,
  classifiers: () => ({}),
};

/** Organisations in which the user stands, in any of the sub-groups that are asked for. */
function groupsOf(user: User, demand: Demand, call: Call): readonly object[] {
  const suffixes = demand.values('extra_include_groups_suffixes');
  return organisationsWith(call.desk.town(), user).filter((organisation) => suffixes.length === 0 || suffixes.some((suffix) => isMember(organisation, user.id, suffix)))
    .map((organisation) => organisationElement(organisation, call));
}

/** Groups of Plone: `<organisation>_<suffix>`, and those of the configs. */
function appGroups(user: User, _demand: Demand, { desk }: Call): readonly object[] {
  const town = desk.town();
  const ids = [
    ...organisationsWith(town, user).flatMap(({ uid, members }) => Object.entries(members).filter(([, users]) => users.includes(user.id)).map(([suffix]) => `${uid}_${suffix}`)),
    ...town.meetingConfigs.filter(({ managers }) => managers.includes(user.id)).map(({ id }) => `${id}_meetingmanagers`),
    ...town.meetingConfigs.filter(({ powerObservers }) => powerObservers.includes(user.id)).map(({ id }) => `${id}_powerobservers`),
    'AuthenticatedUsers',
  ];
  return ids.map((id) => ({ token: id, title: id }));
}

/** By config: those that the user may select. Before 2.4 also of configs that use none; no version here is so old. */
function categoriesOf(user: User, demand: Demand, call: Call): object {
  const town = call.desk.town();
  const wanted = demand.values('extra_include_categories_configs');
  const configs = town.meetingConfigs.filter((config) => config.active && reachesConfig(town, config, user) && (wanted.length === 0 || wanted.includes(config.id)));
  return Object.fromEntries(configs.map((config) => [config.id, selectableCategories(town, config, user).map((category) => categoryElement(category, config, call))]));
}
