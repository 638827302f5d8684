import { buildAnnexes, type BuiltAnnexes } from './build-annexes.js';
import { checkRequest, type CheckedRequest } from './check-request.js';
import { chooseCategory } from './choose-category.js';
import { cleanTexts, type CleanedTexts } from './clean-texts.js';
import type { CreateItemRequest, CreationData } from './create-item-request.js';
import type { RecentItems } from './recent-items.js';
import { runTransitions, type Arrival } from './run-transitions.js';
import { urlId } from '../../domain/url-id.js';
import { warningText, type ItemWarning } from './warnings.js';
import type { DeliberationContext } from '../context.js';
import type { HistoryEvent, NewItem } from '../../domain/item.js';
import { itemPath } from '../item-address.js';

/** Action of the first history event. Other rules, such as automatic advices, look for it (contracts/ws4pm.md §4.5). */
const CREATION_ACTION = 'create_item_using_imio_pm_ws_soap';

/** What making an item needs. */
export type CreationContext = Pick<DeliberationContext, 'authority' | 'blobs' | 'clock' | 'intake' | 'newId'>;

export interface CreatedItem {
  readonly uid: string;
  /** In the order of contracts/ws4pm.md §4.6, in the authority's language; one about a likely repeat comes last. */
  readonly warnings: readonly string[];
}

/** Everything that is worked out before anything is stored. */
interface Preparation {
  /** When it is created, epoch milliseconds. */
  readonly now: number;
  readonly checked: CheckedRequest;
  readonly data: CreationData;
  readonly cleaned: CleanedTexts;
  readonly category: string | null;
  readonly built: BuiltAnnexes;
  readonly arrival: Arrival;
}

/** Creates an item (contracts/ws4pm.md §4). Nothing is stored unless every check passes; once it resolves, the item and its
 * files survive a power loss. Throws the RelaisError of the first check that fails, RELAIS_STORE_UNAVAILABLE or
 * RELAIS_BLOB_UNAVAILABLE. An externalIdentifier is not unique, so a repeat makes a second item; `recent` serves to warn of
 * it. */
export async function createItem(context: CreationContext, recent: RecentItems, callerId: string, request: CreateItemRequest): Promise<CreatedItem> {
  const prepared = prepare(context, context.clock.now(), callerId, request);
  const { checked: { caller, acting, config }, built } = prepared;
  const item = newItem(context, prepared);
  const likeness = { configId: item.configId, externalIdentifier: item.externalIdentifier, creator: item.creator, title: item.title };
  const earlier = item.externalIdentifier === '' ? undefined : recent.find(likeness);

  // Kept before the transaction that refers to them. If that fails they are orphans, which the sweep removes.
  if (built.files.length > 0) await context.blobs.keep(built.files);
  const { id } = await context.intake.accept({ item, history: historyOf(item, prepared), caller: caller.id });
  if (item.externalIdentifier !== '') recent.remember(likeness, item.uid);

  const about = { path: itemPath({ ...item, id }), creator: acting.id, configId: config.id };
  const { language } = context.authority.ws4pm;
  return { uid: item.uid, warnings: warningsOf(prepared, earlier).map((warning) => warningText(warning, about, language)) };
}

function prepare({ authority, newId }: CreationContext, now: number, callerId: string, request: CreateItemRequest): Preparation {
  const data = request.creationData;
  const checked = checkRequest(authority, callerId, request);
  const { config, acting, organisation, preferredMeeting } = checked;
  const cleaned = cleanTexts(request, checked.extra, authority.ws4pm.htmlWarnings);
  const category = chooseCategory(authority, config, acting, organisation, data.category);
  const built = buildAnnexes(config, data.annexes, newId);
  const arrival = runTransitions(config, request.wfTransitions, { preferredMeeting, actor: acting.id, at: now });
  return { now, checked, data, cleaned, category, built, arrival };
}

function newItem({ authority, newId }: CreationContext, { now, checked, data, cleaned, category, built, arrival }: Preparation): NewItem {
  return {
    uid: newId(),
    authority: authority.id,
    kind: 'deliberation',
    source: checked.caller.source,
    configId: checked.config.id,
    baseId: urlId(checked.title, 'item'),
    creator: checked.acting.id,
    createdAt: now,
    modifiedAt: now,
    reviewState: arrival.state,
    proposingOrganisation: checked.organisation.uid,
    title: checked.title,
    category,
    ...cleaned.texts,
    preferredMeeting: checked.preferredMeeting,
    meeting: arrival.meeting,
    externalIdentifier: data.externalIdentifier ?? '',
    toDiscuss: data.toDiscuss ?? checked.config.toDiscussDefault,
    associatedOrganisations: data.associatedGroups,
    organisationsInCharge: data.groupsInCharge,
    optionalAdvisers: data.optionalAdvisers,
    extra: cleaned.extra,
    annexes: built.annexes,
  };
}

function historyOf(item: NewItem, { checked, arrival }: Preparation): HistoryEvent[] {
  const creation: HistoryEvent = {
    at: item.createdAt, actor: item.creator, action: CREATION_ACTION, comment: `${CREATION_ACTION}_comments`,
    fromState: null, toState: checked.config.workflow.initial,
  };
  return [creation, ...arrival.history];
}

function warningsOf({ cleaned, built, arrival }: Preparation, earlier: string | undefined): ItemWarning[] {
  return [
    ...(cleaned.warns ? [{ kind: 'html-changed' } as const] : []),
    ...built.warnings,
    ...arrival.warnings,
    ...(earlier === undefined ? [] : [{ kind: 'seen-moments-ago', earlier } as const]),
  ];
}
