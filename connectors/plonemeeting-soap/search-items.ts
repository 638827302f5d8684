import type { CouncilItem, CouncilQuery, CouncilReader } from '../../src/connector-api/deliberation.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import type { OutgoingStruct } from '../../src/soap-client/values.js';
import { itemsAnswer, type ItemInfo } from './answers.js';
import { catalogueOf, type Catalogue } from './catalogue.js';
import { actingUser, type CouncilSoapSettings } from './config.js';
import { councilItem, toldConfig } from './council-item.js';
import { askItem } from './read-item.js';
import { isOurs, plainly, read, type ServiceContext } from './service.js';

const INFOS_ALONE = { showExtraInfos: true, showAnnexes: false, include_annex_binary: false, showAssembly: false, showTemplates: false, showEmptyValues: true };

/** Criteria that are words; their syntax is that of the server's own index, which answers a mistake in it with a fault of its own. */
const TEXT_CRITERIA = ['Title', 'Description', 'SearchableText'] as const;

/** Items that the reader may see, with their main fields, oldest first, as the server gives them. */
export async function* searchItems(query: CouncilQuery, reader: CouncilReader, settings: CouncilSoapSettings, context: ServiceContext): AsyncGenerator<CouncilItem> {
  const criteria = criteriaOf(query, settings);
  if (criteria === null) return;
  const inTheNameOf = actingUser(settings, reader);
  const found = await askFor({ ...criteria, inTheNameOf }, settings, context);
  const catalogue = found.length === 0 ? { configs: [], groups: [] } : await catalogueOf(settings, context);
  for (const info of found) {
    const configId = query.configId ?? configInAddress(info, catalogue) ?? await askedConfig(info, inTheNameOf, settings, context);
    if (configId !== undefined && !isOfConfigItself(info)) yield councilItem(info, configId, catalogue, settings);
  }
}

/** Null where the server would answer with everything: its index of decisions is gone (contracts/ws4pm.md §3.8), and no criterion at all is a fault. */
function criteriaOf(query: CouncilQuery, settings: CouncilSoapSettings): OutgoingStruct | null {
  if (query.decision !== undefined) return null;
  const meeting = query.meeting === null ? 'whatever' : query.meeting;
  const criteria = {
    Creator: query.creator === undefined ? undefined : actingUser(settings, query.creator) ?? settings.login,
    Description: query.description, SearchableText: query.text, Title: query.title, UID: query.uid, getCategory: query.category, getProposingGroup: query.organisation,
    review_state: query.reviewState, meeting_uid: meeting, meetingConfigId: query.configId, externalIdentifier: query.externalIdentifier,
  };
  // an empty criterion would be passed over there, and leave everything
  const given = Object.values(criteria).filter((value) => value !== undefined);
  return given.length === 0 || given.some((value) => value.trim() === '') ? null : criteria;
}

async function askFor(criteria: OutgoingStruct, settings: CouncilSoapSettings, context: ServiceContext): Promise<readonly ItemInfo[]> {
  try {
    return (await read('searchItems', criteria, itemsAnswer, settings, context)).itemInfo;
  } catch (error) {
    const words = error instanceof SoapFault && !isOurs(error) ? plainWords(criteria) : null;
    if (words === null) throw plainly(error);
    return (await read('searchItems', words, itemsAnswer, settings, context).catch((again: unknown) => { throw plainly(again); })).itemInfo;
  }
}

/** The same with the words alone, none of which is an operator; null where there is nothing to take away. */
function plainWords(criteria: OutgoingStruct): OutgoingStruct | null {
  const changed = TEXT_CRITERIA.flatMap((name): [string, string][] => {
    const value = criteria[name];
    if (typeof value !== 'string') return [];
    const words = (value.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((word) => word.toLowerCase()).join(' ');
    return words === value || words === '' ? [] : [[name, words]];
  });
  return changed.length === 0 ? null : { ...criteria, ...Object.fromEntries(changed) };
}

/** Items stand in a folder of their creator that is named as their config: `…/mymeetings/<config>/<item>`. */
function configInAddress({ absolute_url: address }: ItemInfo, { configs }: Catalogue): string | undefined {
  const folder = address.replace(/\/+$/, '').split('/').at(-2);
  return configs.find(({ id }) => id === folder)?.id;
}

async function askedConfig({ UID }: ItemInfo, inTheNameOf: string | undefined, settings: CouncilSoapSettings, context: ServiceContext): Promise<string | undefined> {
  const info = await askItem(UID, inTheNameOf, INFOS_ALONE, settings, context);
  return info === undefined ? undefined : toldConfig(info);
}

/** Templates of items and recurring items are found, too, and are none (contracts/ws4pm.md §3.8). */
function isOfConfigItself({ absolute_url: address }: ItemInfo): boolean {
  return address.includes('/portal_plonemeeting/');
}
