import { CREATION_DATA_FIELDS, ITEM_FIELDS } from '../domain/item-fields.js';
import type { Organisation } from '../domain/organisation.js';
import type { User } from '../domain/user.js';
import { childOf, textOf, type SoapElement } from '../signature-desk/soap-element.js';
import type { CouncilDesk } from './council-desk.js';
import { CouncilRefusal } from './council-refusal.js';
import type { AnnexDraft, Creation, CreationWarning, ItemDraft } from './desk-item.js';
import { actingFor, flagOf, listOf, requireConfig } from './soap-acting.js';
import { ClientFault, faults } from './soap-refusal.js';
import { organisationsWith } from './town-rights.js';

/** A new item as it was asked for, and how it went. */
export interface SoapCreation extends Creation {
  readonly told: readonly string[];
}

/** createItem (contracts/ws4pm.md §4). Throws a fault; nothing is there then. */
export async function createBySoap(request: SoapElement, caller: User, desk: CouncilDesk): Promise<SoapCreation> {
  const user = actingFor(request, caller, desk);
  const config = requireConfig(request, desk);
  const group = creatorGroup(textOf(request, 'proposingGroupId'), user, desk);
  const data = childOf(request, 'creationData');
  if (textOf(data, 'title') === '') throw new ClientFault('A "title" is mandatory!');
  const { drafts, skipped } = annexDrafts(data);
  const draft = draftOf(data, config.id, group.uid);
  const made = await desk.createItem({
    draft, annexes: drafts, transitions: listOf(request, 'wfTransitions'), annexesWhen: 'before-transitions', unknownAnnexType: 'replaced', unusedAttributes: 'refused',
    meetingChosenBy: caller, emptyText: flagOf(request, 'cleanHtml', true) ? '<p></p>' : '',
    action: 'create_item_using_imio_pm_ws_soap',
  }, user).catch((error: unknown) => { throw faultOf(error); });
  return { ...made, told: [...skipped, ...made.warnings.flatMap((warning) => wordsOf(warning, config.id))] };
}

/** By id or UID; the user has to be one of its creators. */
function creatorGroup(given: string, user: User, desk: CouncilDesk): Organisation {
  const found = organisationsWith(desk.town(), user, 'creators').find(({ id, uid }) => id === given || uid === given);
  if (found === undefined) throw faults.group(user.id, given);
  return found;
}

function draftOf(data: SoapElement | undefined, configId: string, proposingGroup: string): ItemDraft {
  const meeting = textOf(data, 'preferredMeeting');
  const texts = ['category', 'description', 'detailedDescription', 'motivation', 'decision', 'externalIdentifier'].map((name): [string, string] => [name, textOf(data, name)]);
  const given: Readonly<Record<string, string>> = Object.fromEntries(texts.filter(([, text]) => text !== ''));
  return {
    configId, proposingGroup, title: textOf(data, 'title'), ...given,
    ...meeting !== '' && meeting !== 'whatever' && { preferredMeeting: meeting },
    ...textOf(data, 'toDiscuss') !== '' && data !== undefined && { toDiscuss: flagOf(data, 'toDiscuss', false) },
    associatedGroups: listOf(data, 'associatedGroups'), groupsInCharge: listOf(data, 'groupsInCharge'), optionalAdvisers: listOf(data, 'optionalAdvisers'),
    extra: extraAttributes(data),
  };
}

/** contracts/ws4pm.md §4.2: children of creationData are passed over in silence. */
function extraAttributes(data: SoapElement | undefined): Readonly<Record<string, string>> {
  const pairs = (data?.children ?? []).filter(({ name }) => name === 'extraAttrs').map((pair) => [textOf(pair, 'key'), textOf(pair, 'value')] as const);
  const own = pairs.filter(([key]) => !CREATION_DATA_FIELDS.has(key));
  for (const [key] of own) {
    const field = ITEM_FIELDS.get(key);
    if (field === undefined) throw faults.extraKey(key);
    if (field.kind !== 'rich') throw faults.extraType(key);
  }
  return Object.fromEntries(own);
}

/** contracts/ws4pm.md §4.4: without a file, and by a name with other than one dot, an annex is left out. */
function annexDrafts(data: SoapElement | undefined): { readonly drafts: readonly AnnexDraft[]; readonly skipped: readonly string[] } {
  const drafts: AnnexDraft[] = [];
  const skipped: string[] = [];
  for (const annex of (data?.children ?? []).filter(({ name }) => name === 'annexes')) {
    const file = childOf(annex, 'file')?.file;
    const [filename, title, typeId] = [textOf(annex, 'filename'), textOf(annex, 'title'), textOf(annex, 'annexTypeId')];
    if (file === null || file === undefined || file.size === 0) skipped.push(`The mimetype of the annex '${filename}' could not be determined, it was not added!`);
    else if (filename.split('.').length !== 2) skipped.push(`The annex '${title}' was not added: its mimetype has several extensions and its filename is not valid!`);
    else drafts.push({ title, filename, size: file.size, sha256: file.sha256, ...typeId !== '' && { typeId } });
  }
  return { drafts, skipped };
}

function wordsOf(warning: CreationWarning, configId: string): readonly string[] {
  // the reference server replaces a wrong annex type in silence
  if (warning.kind !== 'transition') return [];
  const { transition } = warning;
  return [transition === 'present'
    ? `While treating wfTransitions, could not 'present' the item: a meeting of '${configId}' that accepts items must exist!`
    : `While treating wfTransitions, could not '${transition}' the item!`];
}

function faultOf(error: unknown): unknown {
  if (!(error instanceof CouncilRefusal)) return error;
  const [problem] = error.problems;
  return new ClientFault(problem === undefined ? error.message : [problem.field === null ? [] : `'${problem.field}':`, problem.message].flat().join(' '));
}
