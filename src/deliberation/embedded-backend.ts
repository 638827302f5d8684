import type { Backend } from './backend.js';
import { makeDocument } from './item-templates.js';
import { readItem } from './read-item.js';
import { searchItems } from './search-items.js';
import { visibilityOf } from './visibility.js';
import type { BlobStore } from '../blobs/blob-store.js';
import type { DocumentGenerator } from '../documents/generate-document.js';
import { RelaisError } from '../errors.js';
import type { HistoryStore } from '../history/store.js';

export interface EmbeddedParts {
  readonly history: HistoryStore;
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly documents: DocumentGenerator;
}

/** The ledger of Relais is all there is: items are decided on here. */
export function createEmbeddedBackend({ history, blobs, documents }: EmbeddedParts): Backend {
  return {
    async find({ authority, reader }, uid) {
      for await (const item of history.search(authority.id, { uid }, visibilityOf(authority, reader))) return readItem(authority, reader, item);
      return undefined;
    },
    search: (reading, criteria) => Promise.resolve().then(() => searchItems(history, reading, criteria)),
    isLinked: (authority, externalIdentifier, configId) => history.isLinked(authority.id, externalIdentifier, configId),
    makeDocument: (read, templateId) => makeDocument(documents, read, templateId),
    annexContent(_read, { bytes }) {
      if ('sha256' in bytes) return blobs.read(bytes.sha256);
      throw new RelaisError('RELAIS_INTERNAL', 'an annex of another system was shown where there is none');
    },
  };
}
