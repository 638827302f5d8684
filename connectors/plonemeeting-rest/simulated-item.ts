import type { DeskItem } from '../../src/council-desk/desk-item.js';
import { plainText, portalTypeOf } from '../../src/council-desk/catalog.js';
import { maySee } from '../../src/council-desk/town-rights.js';
import type { Demand } from './simulated-demand.js';
import { utc } from './simulated-elements.js';
import { fieldNames, fieldValue } from './simulated-fields.js';
import { includesOf, ITEM_INCLUDES } from './simulated-includes.js';
import type { Look } from './simulated-platform.js';

/** An item as the serializer tells it that the parameters ask for: the summary, or the full one with only what was asked for
 * (contracts/plonemeeting-rest.md §4.2). */
export function itemElement(item: DeskItem, demand: Demand, look: Look): object {
  if (!demand.isFull) return { ...baseData(item, look), description: plainText(item.description) };
  const town = look.desk.town();
  const names = demand.metadataFields.length > 0 ? demand.metadataFields : demand.everything ? fieldNames(item) : [];
  return {
    ...demand.baseData ? baseData(item, look) : { '@type': portalTypeOf(item, town) },
    ...Object.fromEntries(names.flatMap((name) => {
      const value = fieldValue(item, name, demand.metadataFields.length > 0, look);
      return value === undefined ? [] : [[name, value]];
    })),
    ...additional(item, demand, look),
    ...demand.everything && { '@components': { actions: { '@id': `${itemUrl(item, look.base)}/@actions` }, workflow: { '@id': `${itemUrl(item, look.base)}/@workflow` } } },
    ...includesOf(item, demand, look),
  };
}

export function itemUrl({ path }: DeskItem, base: string): string {
  return `${base}/${path}`;
}

function baseData(item: DeskItem, { base, desk, since }: Look): object {
  return {
    '@extra_includes': ITEM_INCLUDES, '@id': itemUrl(item, base), '@type': portalTypeOf(item, desk.town()), 'UID': item.uid, 'id': shortId(item), 'title': item.title, ...since('2.14') && { title_html: item.title },
    'review_state': item.state, 'created': utc(item.createdAt), 'modified': utc(item.modifiedAt), 'enabled': true,
  };
}

function shortId({ path }: DeskItem): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function additional(item: DeskItem, { additionalValues }: Demand, look: Look): object {
  const asks = (name: string): boolean => additionalValues.includes('*') || additionalValues.includes(name);
  const meeting = item.meeting === null ? undefined : look.desk.meeting(item.meeting);
  return {
    ...asks('formatted_itemAssembly') && { formatted_itemAssembly: itemText(item, 'itemAssembly') || (meeting?.assembly.text ?? '') },
    ...asks('formatted_itemNumber') && { formatted_itemNumber: meeting === undefined ? '' : String(fieldValue(item, 'itemNumber', true, look)) },
    ...asks('all_copyGroups') && { all_copyGroups: [] }, ...asks('all_groupsInCharge') && { all_groupsInCharge: fieldValue(item, 'groupsInCharge', true, look) },
  };
}

function itemText({ extra }: DeskItem, name: string): string {
  const value = extra[name];
  return typeof value === 'string' ? value : '';
}

/** Whether the user may see it. */
export function isVisible(item: DeskItem, { desk, user }: Look): boolean {
  return maySee(desk.town(), item, user);
}
