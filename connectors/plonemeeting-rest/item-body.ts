import { Readable } from 'node:stream';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { filenameOf } from './annex-filename.js';
import type { RestSettings } from './config.js';

export interface ItemBody {
  readonly body: Readable;
  readonly bytes: number;
}

/** The JSON of an item with its files in base64, streamed; of known length, because Zope reads no chunked body. */
export function itemBody(members: Readonly<Record<string, unknown>>, annexes: readonly Annex[], settings: Pick<RestSettings, 'annexTypes'>, context: Pick<ConnectorContext, 'blobs' | 'signal'>): ItemBody {
  const head = Buffer.from(annexes.length === 0 ? JSON.stringify(members) : `${JSON.stringify(members).slice(0, -1)},"__children__":[`);
  const heads = annexes.map((annex, index) => Buffer.from(`${index === 0 ? '' : ','}${childHead(annex, settings)}`));
  const childEnd = Buffer.from('"}}');
  const end = Buffer.from(annexes.length === 0 ? '' : ']}');
  const children = annexes.reduce((sum, { size }, index) => sum + (heads[index]?.length ?? 0) + base64Length(size) + childEnd.length, 0);

  async function* bytes(): AsyncGenerator<Buffer> {
    yield head;
    for (const [index, annex] of annexes.entries()) {
      yield heads[index] ?? Buffer.alloc(0);
      yield* inBase64(annexContent(annex, context));
      yield childEnd;
    }
    yield end;
  }
  return { body: Readable.from(bytes(), { objectMode: false }), bytes: head.length + children + end.length };
}

/** Up to the quote before the bytes. A child must say its type itself, and a file needs a name or a media type (contracts/plonemeeting-rest.md §6). */
function childHead(annex: Annex, { annexTypes }: Pick<RestSettings, 'annexTypes'>): string {
  const type = Object.hasOwn(annexTypes, annex.typeId) ? annexTypes[annex.typeId] : undefined;
  const file = { filename: filenameOf(annex), 'content-type': annex.mediaType, encoding: 'base64', data: '' };
  const child = {
    '@type': annex.relatedTo === 'decision' ? 'annexDecision' : 'annex', title: annex.title === '' ? filenameOf(annex) : annex.title,
    ...(type !== undefined && { content_category: type }), file,
  };
  return JSON.stringify(child).slice(0, -'"}}'.length);
}

function base64Length(size: number): number {
  return Math.ceil(size / 3) * 4;
}

/** Three bytes are four letters: what is left of a chunk goes with the next. */
async function* inBase64(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    const all = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    const whole = all.length - (all.length % 3);
    left = all.subarray(whole);
    if (whole > 0) yield Buffer.from(all.toString('base64', 0, whole), 'latin1');
  }
  if (left.length > 0) yield Buffer.from(left.toString('base64'), 'latin1');
}
