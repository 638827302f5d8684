import type { CouncilUser } from '../../src/connector-api/deliberation.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import { configsAnswer, userAnswer } from './answers.js';
import { actingUser, type CouncilSoapSettings } from './config.js';
import { isOurs, lacksRole, plainly, read, readPlainly, type ServiceContext } from './service.js';

/** Sub-groups of the stock workflow; the server tells the groups of a person for one of them at a time. Who may create comes first. */
const SUFFIXES = ['creators', 'prereviewers', 'reviewers', 'observers', 'advisers'] as const;

/** A person, under the id by which Relais knows it; null where nobody has that id over there. Who manages a config is told by no operation. */
export async function readUser(userId: string, settings: CouncilSoapSettings, context: ServiceContext): Promise<CouncilUser | null> {
  const named = actingUser(settings, userId);
  const id = named ?? settings.login;
  const [first, ...others] = SUFFIXES;
  const told = await groupsOf(id, first, settings, context);
  if (told === null) return null;
  const memberships: Record<string, string[]> = Object.fromEntries(told.groups.map((uid) => [uid, [first]]));
  for (const suffix of others) {
    for (const uid of (await groupsOf(id, suffix, settings, context))?.groups ?? []) (memberships[uid] ??= []).push(suffix);
  }
  const { fullname, email } = told;
  return { id: userId, fullname, email, memberships, manages: [], observes: [], ...(named === undefined && { isManager: true }), categories: await categoriesOf(id, settings, context) };
}

interface Told {
  readonly fullname: string;
  readonly email: string;
  /** Uids. */
  readonly groups: readonly string[];
}

async function groupsOf(userId: string, suffix: string, settings: CouncilSoapSettings, context: ServiceContext): Promise<Told | null> {
  try {
    const { groups, ...person } = await read('getUserInfos', { userId, showGroups: true, suffix }, userAnswer, settings, context);
    return { ...person, groups: groups.map(({ UID, id }) => (UID === '' ? id : UID)) };
  } catch (error) {
    // contracts/ws4pm.md §3.5: the other fault of a request that is right, that nobody has that id
    if (error instanceof SoapFault && isOurs(error) && !lacksRole(error)) return null;
    throw plainly(error);
  }
}

/** Those that the person may select, by config. */
async function categoriesOf(userId: string, settings: CouncilSoapSettings, context: ServiceContext): Promise<Readonly<Record<string, readonly string[]>>> {
  const { configInfo } = await readPlainly('getConfigInfos', { showCategories: true, userToShowCategoriesFor: userId }, configsAnswer, settings, context);
  return Object.fromEntries(configInfo.map(({ id, categories }) => [id, categories.map((category) => category.id)]));
}
