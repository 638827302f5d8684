import { Readable } from 'node:stream';
import type { User } from '../domain/user.js';
import { textOf, type SoapElement } from '../signature-desk/soap-element.js';
import { CouncilRefusal } from './council-refusal.js';
import { actingFor, flagOf, listOf, requireAdvanced, requireConfig, requireUser } from './soap-acting.js';
import { createBySoap, type SoapCreation } from './soap-create.js';
import { dateOf, itemInfo, MAIN_FIELDS_ALONE, type SoapManner } from './soap-item-info.js';
import { ClientFault, faults } from './soap-refusal.js';
import { part, type SoapPart } from './soap-writing.js';
import { activeOrganisations, meetingsAccepting, organisationsWith, reachesConfig, selectableCategories } from './town-rights.js';

export interface SoapParts extends SoapManner {
  /** Told of each item that was made here. */
  readonly onCreation?: (request: SoapElement, creation: SoapCreation) => void;
}

type Operation = (request: SoapElement, caller: User, parts: SoapParts) => readonly SoapPart[] | Promise<readonly SoapPart[]>;

/** Of the package of the reference server. */
const VERSION = '3.9';

/** The operations of contracts/ws4pm.md §3, each answering the children of its response. All throw faults. */
export const SOAP_OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['testConnection', () => [part('connectionState', 'true'), part('version', VERSION)]],
  ['checkIsLinked', checkIsLinked],
  ['getConfigInfos', getConfigInfos],
  ['getUserInfos', getUserInfos],
  ['getItemInfos', getItemInfos],
  ['getItemTemplate', getItemTemplate],
  ['searchItems', searchItems],
  ['meetingsAcceptingItems', meetingsAcceptingItems],
  ['createItem', createItem],
]);

function checkIsLinked(request: SoapElement, caller: User, { desk }: SoapParts): readonly SoapPart[] {
  requireAdvanced(desk, caller, 'checkIsLinked');
  const configId = textOf(request, 'meetingConfigId');
  if (configId !== '') requireConfig(request, desk);
  const identifier = textOf(request, 'externalIdentifier');
  const isLinked = identifier !== '' && desk.items().some((item) => item.externalIdentifier === identifier && (configId === '' || item.configId === configId));
  return [part('isLinked', String(isLinked))];
}

function getConfigInfos(request: SoapElement, caller: User, { desk }: SoapParts): readonly SoapPart[] {
  const target = textOf(request, 'userToShowCategoriesFor');
  if (target !== '') requireAdvanced(desk, caller, '"userToShowCategoriesFor"');
  const user = target === '' ? caller : requireUser(target, desk);
  const town = desk.town();
  const configs = town.meetingConfigs.filter((config) => config.active && reachesConfig(town, config, caller)).map((config) => part('configInfo', [
    ...basic(config), ...config.itemPositiveDecidedStates.map((state) => part('itemPositiveDecidedStates', state)),
    ...flagOf(request, 'showCategories', false) ? selectableCategories(town, config, user).map((category) => part('categories', basic(category), 'ns1:BasicInfo')) : [],
  ], 'ns1:ConfigInfo'));
  return [...configs, ...activeOrganisations(town).map((organisation) => part('groupInfo', basic(organisation), 'ns1:GroupInfo'))];
}

function getUserInfos(request: SoapElement, caller: User, { desk }: SoapParts): readonly SoapPart[] {
  const id = textOf(request, 'userId');
  if (id !== caller.id) requireAdvanced(desk, caller, `the information of another user than '${caller.id}'`);
  const user = requireUser(id, desk);
  const suffix = textOf(request, 'suffix');
  const groups = flagOf(request, 'showGroups', false) ? organisationsWith(desk.town(), user, suffix === '' ? undefined : suffix) : [];
  return [part('fullname', user.fullname), part('email', user.email), ...groups.map((group) => part('groups', basic(group), 'ns1:BasicInfo'))];
}

function getItemInfos(request: SoapElement, caller: User, parts: SoapParts): readonly SoapPart[] {
  const uid = textOf(request, 'UID');
  if (uid === '') throw faults.noCriterion();
  const item = parts.desk.visibleItem(uid, actingFor(request, caller, parts.desk));
  if (typeof item === 'string') return [];
  return [itemInfo(item, {
    extraInfos: flagOf(request, 'showExtraInfos', false), annexes: flagOf(request, 'showAnnexes', false), binary: flagOf(request, 'include_annex_binary', true),
    annexTypes: listOf(request, 'allowed_annexes_types'), assembly: flagOf(request, 'showAssembly', false), templates: flagOf(request, 'showTemplates', false),
  }, parts)];
}

function getItemTemplate(request: SoapElement, caller: User, { desk }: SoapParts): readonly SoapPart[] {
  const item = desk.visibleItem(textOf(request, 'itemUID'), actingFor(request, caller, desk));
  if (typeof item === 'string') throw faults.item();
  const [template = '', format = ''] = textOf(request, 'templateId').split('__format__');
  if (!(desk.config(item.configId)?.templates ?? []).some(({ id }) => id === template)) throw faults.template();
  try {
    const { content } = desk.document(item.uid, template, format);
    return [part('file', { size: content.length, open: () => Readable.from([content]) })];
  } catch (error) {
    if (error instanceof CouncilRefusal) throw new ClientFault(`Exception : Asked output format '${format}' is not available for template '${template}'!`, { cause: error });
    throw error;
  }
}

/** By what the catalog calls them; the index of decisions is gone (contracts/ws4pm.md §3.8). */
const CRITERIA: Readonly<Record<string, string>> = {
  Creator: 'Creator', Description: 'Description', SearchableText: 'SearchableText', Title: 'Title', UID: 'UID', getCategory: 'getCategory', getProposingGroup: 'getProposingGroup',
  portal_type: 'portal_type', review_state: 'review_state', meeting_uid: 'meeting_uid', meetingConfigId: 'getConfigId', externalIdentifier: 'externalIdentifier',
};

function searchItems(request: SoapElement, caller: User, parts: SoapParts): readonly SoapPart[] {
  const given = Object.keys(CRITERIA).filter((name) => textOf(request, name) !== '');
  if (given.length === 0 && textOf(request, 'getDecision') === '') throw faults.noCriterion();
  const user = actingFor(request, caller, parts.desk);
  if (textOf(request, 'meetingConfigId') !== '' && textOf(request, 'portal_type') === '') requireConfig(request, parts.desk);
  for (const name of ['Title', 'Description', 'SearchableText']) requireSyntax(textOf(request, name));
  const query = new Map(given.map((name) => [CRITERIA[name] ?? name, [textOf(request, name)]]));
  return parts.desk.search(query, user).map((item) => itemInfo(item, MAIN_FIELDS_ALONE, parts));
}

/** A mistake in the syntax of its text index breaks the reference server. */
function requireSyntax(text: string): void {
  if (/^\*|[()]/.test(text)) throw new Error(`ParseError: ${text}`);
}

function meetingsAcceptingItems(request: SoapElement, caller: User, parts: SoapParts): readonly SoapPart[] {
  const user = actingFor(request, caller, parts.desk);
  return meetingsAccepting(requireConfig(request, parts.desk), user).map(({ uid, date }) => part('meetingInfo', [part('UID', uid), part('date', dateOf(date, parts))], 'ns1:MeetingInfo'));
}

async function createItem(request: SoapElement, caller: User, parts: SoapParts): Promise<readonly SoapPart[]> {
  const creation = await createBySoap(request, caller, parts.desk);
  parts.onCreation?.(request, creation);
  return [part('UID', creation.item.uid), ...creation.told.map((words) => part('warnings', words))];
}

function basic({ uid, id, title, description }: { readonly uid: string; readonly id: string; readonly title: string; readonly description: string }): readonly SoapPart[] {
  return [part('UID', uid), part('id', id), part('title', title), part('description', description)];
}
