import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import type { User } from '../domain/user.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import { isInCatalog, type CatalogQuery } from './catalog.js';
import type { CouncilLedger } from './council-ledger.js';
import { CouncilRefusal } from './council-refusal.js';
import type { DeskItem, MadeDocument, OpenedAnnex } from './desk-item.js';
import { makeDocument } from './make-document.js';
import { configOf, maySee, templatesFor } from './town-rights.js';

/** What can be read over there. */
export interface CouncilReading {
  /** All, whoever may see them, oldest first. */
  items(): readonly DeskItem[];
  /** Whoever may see it. */
  find(uid: string): DeskItem | undefined;
  /** What stands at a path, or stood there before it was moved. */
  at(path: string): DeskItem | undefined;
  visibleItem(uid: string, user: User): DeskItem | 'unknown' | 'hidden';
  /** Those that the user may see, oldest first. Criteria of an index that is not there are passed over. */
  search(query: CatalogQuery, user: User): readonly DeskItem[];
  /** An annex, whoever may see its item. */
  annex(uid: string): (OpenedAnnex & { readonly item: DeskItem }) | undefined;
  /** Makes a document now, as the service account. Throws CouncilRefusal `unknown-item` or `unknown-template`. */
  document(itemUid: string, templateId: string, format: string): MadeDocument;
}

/** Over the items of the ledger, in the town as it stands at each question. */
export function createCouncilReading({ items }: CouncilLedger, files: DeskFiles, town: () => SimulatedTown): CouncilReading {
  const all = (): readonly DeskItem[] => [...items.values()];
  return {
    items: all,
    find: (uid) => items.get(uid),
    at: (path) => all().find((item) => item.path === path) ?? all().find(({ formerPaths }) => formerPaths.includes(path)),
    visibleItem(uid, user) {
      const item = items.get(uid);
      if (item === undefined) return 'unknown';
      return maySee(town(), item, user) ? item : 'hidden';
    },
    search: (query, user) => all().filter((item) => isInCatalog(item, query, town()) && maySee(town(), item, user)),
    annex(uid) {
      for (const item of items.values()) {
        const annex = item.annexes.find((one) => one.uid === uid);
        if (annex !== undefined) return { item, annex, open: () => files.read(annex.sha256) };
      }
      return undefined;
    },
    document: (itemUid, templateId, format) => documentOf(items.get(itemUid), templateId, format, town()),
  };
}

function documentOf(item: DeskItem | undefined, templateId: string, format: string, town: SimulatedTown): MadeDocument {
  const config = item === undefined ? undefined : configOf(town, item);
  if (item === undefined || config === undefined) throw new CouncilRefusal('unknown-item', 'There is no such item.');
  const template = templatesFor(config, item).find(({ id }) => id === templateId);
  const made = template?.formats.find((one) => one === format);
  if (template === undefined || made === undefined) throw new CouncilRefusal('unknown-template', `The template ${templateId} is not offered as ${format} for this item.`);
  return makeDocument(item, template, made);
}
