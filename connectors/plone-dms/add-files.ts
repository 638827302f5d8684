import { jsonWithFiles } from '../../src/connector-api/json-with-files.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { Annex, Item } from '../../src/domain/item.js';
import type { PloneApi } from './api.js';
import { childrenOf, type Content } from './content.js';

/** A file of the item and what it becomes. */
export interface PlacedFile {
  readonly annex: Annex;
  /** Its place among the files of the item: they only become more, so it keeps it. */
  readonly position: number;
  /** Content type over there. */
  readonly type: string;
}

/** The short name of a file over there: the same in every attempt, and of no other file. Plone refuses a name that is taken. */
function fileId(itemUid: string, { position }: PlacedFile): string {
  return `relais-${itemUid}-${position + 1}`;
}

/** A file with its place. */
export function placed({ annexes }: Pick<Item, 'annexes'>, annex: Annex, type: string): PlacedFile {
  return { annex, type, position: annexes.indexOf(annex) };
}

/** Puts files into an object, each once, whatever is repeated: one whose name stands there is there whole, for it is created in one go. */
export async function addFiles(api: PloneApi, into: Content, itemUid: string, files: readonly PlacedFile[], context: ConnectorContext): Promise<void> {
  if (files.length === 0) return;
  const there = await childrenOf(api, into);
  for (const file of files) {
    const { annex, type } = file;
    if (there.has(fileId(itemUid, file))) continue;
    const { title, filename, mediaType, size } = annex;
    const body = jsonWithFiles({
      '@type': type, 'id': fileId(itemUid, file), title,
      'file': { filename, 'content-type': mediaType, 'encoding': 'base64', 'data': { base64Of: annex } },
    }, context);
    await api.ask({ method: 'POST', at: into.at, body, bytes: size });
  }
}

/** Whether all of these files are there. */
export async function hasFiles(api: PloneApi, into: Content, itemUid: string, files: readonly PlacedFile[]): Promise<boolean> {
  if (files.length === 0) return true;
  const there = await childrenOf(api, into);
  return files.every((file) => there.has(fileId(itemUid, file)));
}
