import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { zipEntries, type ZipLimits } from '../../src/formats/zip-entries.js';
import { ZipFailure } from '../../src/formats/zip-failure.js';
import type { ReturnedFile } from '../../src/signature-book/returned-folder.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';

/** Signatures are small, and some people sign. */
const LIMITS: ZipLimits = { entries: 100, bytes: 64 * 2 ** 20 };

/** The detached signatures of a document: Pastell gives them in an archive (contracts/pastell.md §5.4), or one by itself. */
export async function detachedFiles(files: readonly ReturnedFile[], context: ConnectorContext): Promise<readonly ReturnedFile[]> {
  const unpacked: ReturnedFile[] = [];
  for (const file of files) unpacked.push(...(/\.zip$/i.test(file.filename) ? await unpack(file, context) : [file]));
  return unpacked;
}

async function unpack({ sha256, filename }: ReturnedFile, { blobs }: ConnectorContext): Promise<readonly ReturnedFile[]> {
  const found: ReturnedFile[] = [];
  try {
    for await (const { path, content } of zipEntries(blobs.read(sha256) as AsyncIterable<Uint8Array>, LIMITS)) {
      const name = path.at(-1) ?? 'signature';
      found.push({ filename: name, mediaType: mediaTypeOf(name), ...await blobs.keep(content) });
    }
  } catch (error) {
    if (error instanceof ZipFailure) throw new OutcomeUnknown(`The archive of signatures «${filename}» cannot be used. ${error.message}`, { cause: error });
    throw error;
  }
  return found;
}
