import { Refused } from '../connector-api/failures.js';
import type { XmlPlace } from './fields.js';
import { documentSink } from '../xml/document-sink.js';
import { XmlError } from '../xml/xml-error.js';
import type { XmlTag } from '../xml/xml-tag.js';
import { XmlTokenizer } from '../xml/xml-tokenizer.js';

const PES_ROOT = 'PES_Aller';

/** Containers of the slips in a PES file. */
const CONTAINERS: ReadonlySet<string> = new Set(['PES_DepenseAller', 'PES_RecetteAller']);

/** Business files are some ten elements deep, and of any length. */
const LIMITS = { depth: 500, elements: Number.MAX_SAFE_INTEGER, attributes: Number.MAX_SAFE_INTEGER };

interface Found {
  root: { readonly name: string; readonly hasId: boolean } | null;
  slips: number;
  slipsWithId: number;
}

/** Where an XML file is to be signed (contracts/iparapheur.md §1.5): in each slip where all slips of a PES file have an Id, else at the
 * root where that has one. Null where a file that is no PES has none. Streams: only names and Ids matter. Throws Refused for a PES file
 * that cannot be signed, and for what is no XML. */
export async function xmlSignaturePlace(content: AsyncIterable<Uint8Array>, filename: string): Promise<XmlPlace | null> {
  const found: Found = { root: null, slips: 0, slipsWithId: 0 };
  const sink = documentSink(new XmlTokenizer(lookFor(found), LIMITS), undefined);
  try {
    for await (const chunk of content) {
      // a signature is put into bytes in which tags can be found as they are: not UTF-16
      if (chunk.includes(0)) throw new XmlError('it holds zero bytes');
      sink.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    }
    sink.end();
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new Refused(`«${filename}» is not an XML file that can be read to its end.`, { cause: error });
  }
  return found.root === null ? null : placeOf(found, found.root, filename);
}

/** Counts slips, and those with an Id. */
function lookFor(found: Found) {
  const open: string[] = [];
  return {
    wants: 'nothing' as const,
    open(tag: XmlTag): void {
      const id = tag.attributes.find(({ local, namespace }) => local === 'Id' && namespace === '')?.value ?? '';
      found.root ??= { name: tag.local, hasId: id !== '' };
      if (tag.local === 'Bordereau' && open.some((above) => CONTAINERS.has(above))) {
        found.slips += 1;
        if (id !== '') found.slipsWithId += 1;
      }
      open.push(tag.local);
    },
    close(): void { open.pop(); },
    text: () => undefined,
    bytes: () => undefined,
  };
}

/** The expression finds the slips of both containers, so an Id that is missing in either of them spoils it. */
function placeOf({ slips, slipsWithId }: Found, root: NonNullable<Found['root']>, filename: string): XmlPlace | null {
  if (slips > 0 && slips === slipsWithId) return '//Bordereau';
  if (root.hasId) return '.';
  if (root.name !== PES_ROOT) return null;
  throw new Refused(`«${filename}» cannot be signed: its root has no «Id», and ${slips === 0 ? 'it has no slip (Bordereau)' : `${slips - slipsWithId} of its ${slips} slips (Bordereau) have none`}. `
    + 'Ask the finance software for a file with Ids, and send it as a new item.');
}
