import type { Deliberation } from '../../src/connector-api/deliberation.js';
import { placeOf } from './annex-place.js';
import type { RestSettings } from './config.js';
import { readDirectory } from './directory.js';
import { openAnnex, openDocument } from './download.js';
import { fetchItem } from './fetch-item.js';
import { isLinked } from './is-linked.js';
import { readUser } from './read-user.js';
import { searchItems } from './search.js';
import { openSession } from './session.js';

/** What PloneMeeting knows, read in the name of whoever asks. */
export const restDeliberation: Deliberation<RestSettings> = {
  directory: (configIds, settings, context) => readDirectory(openSession(settings, context), configIds, settings, context.clock.now()),
  user: (userId, settings, context) => readUser(openSession(settings, context), userId),
  async item(uid, reader, settings, context) {
    const session = openSession(settings, context);
    return await fetchItem(session, uid, await session.actingUser(reader), settings);
  },
  async* search(query, reader, settings, context) {
    const session = openSession(settings, context);
    yield* searchItems(session, query, await session.actingUser(reader), settings);
  },
  isLinked: (externalIdentifier, configId, settings, context) => isLinked(openSession(settings, context), externalIdentifier, configId),
  async annexContent(place, _reader, settings, context) {
    const kept = placeOf(place);
    return kept === null ? 'gone' : await openAnnex(openSession(settings, context), kept.download, settings);
  },
  async document(uid, templateId, reader, settings, context) {
    const session = openSession(settings, context);
    return await openDocument(session, uid, templateId, await session.actingUser(reader), settings);
  },
};
