import type { OfferedAnnex } from './create-item-request.js';
import { extensionsOf, mediaTypeOfName } from '../../domain/media-types.js';
import { hasExtension, safeFilename } from '../../domain/safe-filename.js';
import { annexTypeAddress } from '../annex-type-address.js';
import { sniffMediaType } from './sniff-media-type.js';
import { fileUrlId } from '../../domain/url-id.js';
import type { ItemWarning } from './warnings.js';
import type { StagedBlob } from '../../blobs/blob-store.js';
import type { Annex } from '../../domain/item.js';
import type { MeetingConfig } from '../../domain/meeting-config.js';

export interface BuiltAnnexes {
  readonly annexes: readonly Annex[];
  /** The received files of `annexes`, to keep. */
  readonly files: readonly StagedBlob[];
  readonly warnings: readonly ItemWarning[];
}

/** A file that is worth keeping, under a name that tells its type; or why it is not. */
type Judgement = { readonly file: StagedBlob; readonly filename: string; readonly mediaType: string } | { readonly warning: ItemWarning };

/** Turns the offered files into annexes of the item, in order (contracts/ws4pm.md §4.4). A file that cannot be an annex is
 * left out with a warning; the item is created anyway. */
export function buildAnnexes(config: MeetingConfig, offered: readonly OfferedAnnex[], newId: () => string): BuiltAnnexes {
  const annexes: Annex[] = [];
  const files: StagedBlob[] = [];
  const warnings: ItemWarning[] = [];
  const ids = new Map<string, number>();
  for (const one of offered) {
    const judged = judge(one);
    if ('warning' in judged) {
      warnings.push(judged.warning);
      continue;
    }
    const { file, filename, mediaType } = judged;
    files.push(file);
    annexes.push({
      uid: newId(), id: fileUrlId(filename, ids), title: one.title ?? filename, typeId: typeFor(config, one.annexTypeId), relatedTo: 'item',
      filename, mediaType, size: file.size, sha256: file.sha256, confidential: false,
    });
  }
  return { annexes, files, warnings };
}

/** The type comes from the content. A name without an extension is replaced where the type has one extension only; a name
 * with one then decides between types that the content alone does not tell apart (`.csv` is text, `.doc` an OLE file). */
function judge({ file, filename, title }: OfferedAnnex): Judgement {
  const name = filename === undefined ? undefined : safeFilename(filename);
  const annex = name ?? title ?? '';
  if (file === undefined || file.size === 0) return { warning: { kind: 'annex-empty', annex } };
  const sniffed = sniffMediaType(file.head);
  const [extension, ...others] = extensionsOf(sniffed);
  if (extension === undefined) return { warning: { kind: 'annex-type-refused', annex, mediaType: sniffed } };
  if (name !== undefined && hasExtension(name)) return { file, filename: name, mediaType: mediaTypeOfName(name) ?? sniffed };
  if (others.length > 0) return { warning: { kind: 'annex-name-needed', annex, mediaType: sniffed } };
  return { file, filename: `annex.${extension}`, mediaType: sniffed };
}

/** Takes the short id of an item annex type, or the long one that getItemInfos tells (contracts/ws4pm.md §7); anything else
 * silently becomes the first of them. */
function typeFor(config: MeetingConfig, wanted: string | undefined): string {
  const types = config.annexTypes.filter((type) => type.relatedTo === 'item');
  const given = types.find(({ id }) => id === wanted || annexTypeAddress(config.id, { typeId: id, relatedTo: 'item' }) === wanted);
  return (given ?? types[0])?.id ?? '';
}
