import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { configsAnswer, type BasicInfo, type ConfigInfo } from './answers.js';
import type { CouncilSoapSettings } from './config.js';
import { readPlainly, WHO, type ServiceContext } from './service.js';

/** Groups and categories change a few times a year. */
const FRESH_MS = 10 * 60_000;

/** What is missing may have been added since: it is asked for again, but not for each of a thousand items. */
const RECENT_MS = 30_000;

/** Names that a message lists. */
const SHOWN = 30;

/** Meeting configs with their categories, and organisations, as the account sees them. */
export interface Catalogue {
  readonly configs: readonly ConfigInfo[];
  readonly groups: readonly BasicInfo[];
}

interface Known {
  readonly at: number;
  readonly asked: Promise<Catalogue>;
}

/** Per settings, so that a reload forgets. */
const known = new WeakMap<CouncilSoapSettings, Known>();

/** What was told at most `freshMs` ago. Calls at the same time ask once; what failed is forgotten. */
export function catalogueOf(settings: CouncilSoapSettings, context: ServiceContext, freshMs = FRESH_MS): Promise<Catalogue> {
  const now = context.clock.now();
  const last = known.get(settings);
  if (last !== undefined && now - last.at < freshMs) return last.asked;
  const asked = askCatalogue(settings, context);
  known.set(settings, { at: now, asked });
  asked.catch(() => { if (known.get(settings)?.asked === asked) known.delete(settings); });
  return asked;
}

/** Asked now, whatever is known. */
export async function askCatalogue(settings: CouncilSoapSettings, context: ServiceContext): Promise<Catalogue> {
  const { configInfo: configs, groupInfo: groups } = await readPlainly('getConfigInfos', { showCategories: true }, configsAnswer, settings, context);
  return { configs, groups };
}

/** The uid over there of an organisation that is named by its uid, its id, or the end of its path; ids may have been given
 * anew. Throws Refused where there is none. */
export async function groupUid(name: string, settings: CouncilSoapSettings, context: Pick<ConnectorContext, 'http' | 'signal' | 'clock'>): Promise<string> {
  const found = groupNamed(name, await catalogueOf(settings, context)) ?? groupNamed(name, await catalogueOf(settings, context, RECENT_MS));
  if (found !== undefined) return found.UID === '' ? found.id : found.UID;
  const { groups } = await catalogueOf(settings, context);
  const names = groups.slice(0, SHOWN).map(({ id }) => `«${id}»`).join(', ');
  throw new Refused(`Field «proposingGroup»: found «${name}», expected an organisation of ${WHO}: ${names === '' ? 'it has none' : names}${groups.length > SHOWN ? ' …' : ''}.`);
}

function groupNamed(name: string, { groups }: Catalogue): BasicInfo | undefined {
  return groups.find(({ UID }) => UID === name) ?? groups.find(({ id }) => id === name) ?? onlyOne(groups.filter(({ id }) => id.endsWith(`/${name}`)));
}

function onlyOne<Element>(elements: readonly Element[]): Element | undefined {
  return elements.length === 1 ? elements[0] : undefined;
}
