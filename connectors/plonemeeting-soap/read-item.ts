import type { CouncilItem, CouncilReader } from '../../src/connector-api/deliberation.js';
import { itemsAnswer, type ItemInfo } from './answers.js';
import { catalogueOf } from './catalogue.js';
import { actingUser, type CouncilSoapSettings } from './config.js';
import { councilItem, toldConfig } from './council-item.js';
import { readPlainly, type ServiceContext } from './service.js';

/** Everything but the bytes of annexes. */
const ALL = { showExtraInfos: true, showAnnexes: true, include_annex_binary: false, showAssembly: true, showTemplates: true, showEmptyValues: true };

/** Enough to follow it. */
const TEXTS = { ...ALL, showAnnexes: false, showAssembly: false, showTemplates: false };

/** The item with everything. The server does not tell apart what is not there and what may not be seen. */
export async function readItem(uid: string, reader: CouncilReader, settings: CouncilSoapSettings, context: ServiceContext): Promise<CouncilItem | 'hidden'> {
  const info = await askItem(uid, actingUser(settings, reader), ALL, settings, context);
  return info === undefined ? 'hidden' : completeItem(info, settings, context);
}

/** The item as the account sees it, or else as its creator does, because a meeting manager need not see what is still being prepared;
 * `seenAs` says who, undefined for the account. */
export async function lookForItem(uid: string, creator: string, settings: CouncilSoapSettings, context: ServiceContext): Promise<{ readonly item: CouncilItem; readonly seenAs: string | undefined } | undefined> {
  const readers = [...new Set([undefined, actingUser(settings, creator)])];
  for (const seenAs of readers) {
    const info = await askItem(uid, seenAs, TEXTS, settings, context);
    if (info !== undefined) return { item: await completeItem(info, settings, context), seenAs };
  }
  return undefined;
}

async function completeItem(info: ItemInfo, settings: CouncilSoapSettings, context: ServiceContext): Promise<CouncilItem> {
  return councilItem(info, toldConfig(info) ?? '', await catalogueOf(settings, context), settings);
}

/** Undefined where nothing is told of it. */
export async function askItem(uid: string, inTheNameOf: string | undefined, shown: typeof ALL, settings: CouncilSoapSettings, context: ServiceContext): Promise<ItemInfo | undefined> {
  const { itemInfo } = await readPlainly('getItemInfos', { UID: uid, ...shown, inTheNameOf }, itemsAnswer, settings, context);
  return itemInfo.find(({ UID }) => UID === uid);
}
