import { Refused } from '../connector-api/failures.js';
import type { XmlPlace } from './fields.js';
import { xmlTags, type XmlTag } from './xml-tags.js';

const PES_ROOT = 'PES_Aller';

/** Containers of the slips in a PES file. */
const CONTAINERS: ReadonlySet<string> = new Set(['PES_DepenseAller', 'PES_RecetteAller']);

/** Business files are some ten elements deep. */
const DEEPEST = 500;

interface Found {
  root: XmlTag | null;
  slips: number;
  slipsWithId: number;
}

/** Where an XML file is to be signed (contracts/iparapheur.md §1.5): in each slip where all slips of a PES file have an Id, else at the
 * root where that has one. Null where a file that is no PES has none. Streams: only names and Ids matter. Throws Refused for a PES file
 * that cannot be signed, and for what is no XML. */
export async function xmlSignaturePlace(content: AsyncIterable<Uint8Array>, filename: string): Promise<XmlPlace | null> {
  const broken = (): Refused => new Refused(`«${filename}» is not an XML file that can be read to its end.`);
  const found: Found = { root: null, slips: 0, slipsWithId: 0 };
  const open: string[] = [];
  for await (const tag of xmlTags(content, broken)) {
    if (tag.kind === 'close') {
      if (open.pop() !== tag.name) throw broken();
      continue;
    }
    if (open.length === 0) found.root ??= tag;
    if (tag.name === 'Bordereau' && open.some((above) => CONTAINERS.has(above))) countSlip(tag, found);
    if (tag.kind === 'open' && open.push(tag.name) > DEEPEST) throw broken();
  }
  if (found.root === null || open.length > 0) throw broken();
  return placeOf(found, found.root, filename);
}

/** The expression finds the slips of both containers, so an Id that is missing in either of them spoils it. */
function placeOf({ slips, slipsWithId }: Found, root: XmlTag, filename: string): XmlPlace | null {
  if (slips > 0 && slips === slipsWithId) return '//Bordereau';
  if (root.hasId) return '.';
  if (root.name !== PES_ROOT) return null;
  throw new Refused(`«${filename}» cannot be signed: its root has no «Id», and ${slips === 0 ? 'it has no slip (Bordereau)' : `${slips - slipsWithId} of its ${slips} slips (Bordereau) have none`}. `
    + 'Ask the finance software for a file with Ids, and send it as a new item.');
}

function countSlip({ hasId }: XmlTag, found: Found): void {
  found.slips += 1;
  if (hasId) found.slipsWithId += 1;
}
