import { z } from 'zod';
import { EXPECTATIONS, XML_PLACES, type XmlPlace } from './fields.js';
import type { FolderFile, SignatureFolder } from './folder.js';

const sentFile = z.object({
  part: z.enum(['main', 'supplementary', 'annex', 'visual', 'detached-signature']),
  filename: z.string(),
  mediaType: z.string(),
  sha256: z.string(),
  size: z.number(),
});

/** What a receipt must remember of a folder: the item may have changed when its answer comes. Plain JSON. */
export const sentFolder = z.object({
  title: z.string(),
  type: z.string(),
  subtype: z.string(),
  expects: z.enum(EXPECTATIONS),
  place: z.enum(XML_PLACES).nullable(),
  files: z.array(sentFile),
});

export type SentFolder = z.infer<typeof sentFolder>;
export type SentFile = z.infer<typeof sentFile>;

/** `place`: where its XML is to be signed, if it is XML. */
export function sentFolderOf(folder: SignatureFolder, place: XmlPlace | null): SentFolder {
  const { title, type, subtype, expects, main, supplementary, annexes, visual, detachedSignature } = folder;
  const files = [
    sent('main', main), ...supplementary.map((file) => sent('supplementary', file)), ...annexes.map((file) => sent('annex', file)),
    ...(visual === null ? [] : [sent('visual', visual)]), ...(detachedSignature === null ? [] : [sent('detached-signature', detachedSignature)]),
  ];
  return { title, type, subtype, expects, place, files };
}

function sent(part: SentFile['part'], { annex: { mediaType, sha256, size }, filename }: FolderFile): SentFile {
  return { part, filename, mediaType, sha256, size };
}
