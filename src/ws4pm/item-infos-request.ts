import { actingFor } from './acting-for.js';
import type { ItemInfoOptions } from './item-info.js';
import { flag, text, texts } from './request-values.js';
import type { Reading } from '../deliberation/backend.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { sourceOf } from '../deliberation/source-of.js';
import { RelaisError } from '../errors.js';
import type { RequestStruct, SoapCall } from '../soap/service.js';

/** What getItemInfos and getSingleItemInfos are asked: the same elements and the same checks. */
export interface ItemInfosRequest {
  readonly uid: string;
  readonly reading: Reading;
  readonly options: ItemInfoOptions;
}

/** Reads the request; the missing UID is refused (RELAIS_WS4PM_NO_CRITERION) before anything about the user
 * (contracts/ws4pm.md §3.1). */
export function itemInfosRequest(context: DeliberationContext, call: SoapCall, request: RequestStruct, operation: string): ItemInfosRequest {
  const uid = text(request, 'UID');
  if (uid === undefined) throw new RelaisError('RELAIS_WS4PM_NO_CRITERION', 'UID: found nothing, expected the UID of an item.');
  return { uid, reading: actingFor(context, call, request, operation), options: options(context, call, request) };
}

/** Defaults are those of the WSDL (contracts/ws4pm.md §2.1). */
function options({ authority }: DeliberationContext, { userId }: SoapCall, request: RequestStruct): ItemInfoOptions {
  return {
    extraInfos: flag(request, 'showExtraInfos') ?? false,
    annexes: flag(request, 'showAnnexes') ?? false,
    annexContents: flag(request, 'include_annex_binary') ?? true,
    annexTypes: texts(request, 'allowed_annexes_types'),
    assembly: flag(request, 'showAssembly') ?? false,
    templates: flag(request, 'showTemplates') ?? false,
    emptyValues: flag(request, 'showEmptyValues') ?? true,
    source: sourceOf(authority, userId),
  };
}
