import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { jsonWithFiles, type JsonWithFiles } from '../../src/connector-api/json-with-files.js';
import type { Annex } from '../../src/domain/item.js';
import { annexTypeThere } from '../../src/plonemeeting/settings.js';
import { filenameOf } from './annex-filename.js';
import type { RestSettings } from './config.js';

/** The JSON of an item with its files in base64, streamed; of known length, because Zope reads no chunked body. */
export function itemBody(members: Readonly<Record<string, unknown>>, annexes: readonly Annex[], settings: Pick<RestSettings, 'annexTypes'>, context: Pick<ConnectorContext, 'blobs' | 'signal'>): JsonWithFiles {
  const children = annexes.length === 0 ? {} : { __children__: annexes.map((annex) => childOf(annex, settings)) };
  return jsonWithFiles({ ...members, ...children }, context);
}

/** A child must say its type itself, and a file needs a name or a media type (contracts/plonemeeting-rest.md §6). */
function childOf(annex: Annex, settings: Pick<RestSettings, 'annexTypes'>): Readonly<Record<string, unknown>> {
  const type = annexTypeThere(annex.typeId, settings);
  return {
    '@type': annex.relatedTo === 'decision' ? 'annexDecision' : 'annex', 'title': annex.title === '' ? filenameOf(annex) : annex.title,
    ...(type !== undefined && { content_category: type }),
    'file': { 'filename': filenameOf(annex), 'content-type': annex.mediaType, 'encoding': 'base64', 'data': { base64Of: annex } },
  };
}
