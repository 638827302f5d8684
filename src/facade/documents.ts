import { Readable } from 'node:stream';
import type { Backend } from '../deliberation/backend.js';
import { generationError, namedTemplate, templateNotOffered } from '../deliberation/item-templates.js';
import type { ReadItem, ShownAnnex } from '../deliberation/read-item.js';
import { RelaisError } from '../errors.js';
import { upstreamAway } from './away.js';
import type { Look } from './look.js';

export interface DocumentParts {
  readonly embedded: Backend;
  readonly look: Look;
}

/** Backend.makeDocument: made over there where the item is known there and has templates; else here, of the declared ones. */
export async function makeDocument({ embedded, look }: DocumentParts, read: ReadItem, templateId: string | undefined): Promise<Readable> {
  const { upstream, reader } = read;
  if (upstream === undefined || upstream.templates.length === 0) return await embedded.makeDocument(read, templateId);
  const template = namedTemplate(upstream.templates, templateId ?? '');
  if (template === undefined) throw templateNotOffered(upstream.templates, templateId);
  const outcome = await look.askAlone(upstream.connector, null, ({ deliberation, settings, context }, signal) =>
    deliberation.document(upstream.uid, template.templateId, reader.id, settings, context(signal)));
  if (typeof outcome === 'string') throw upstreamAway(upstream.connector, 'a document could not be asked for');
  if ('refused' in outcome) throw generationError(template.templateId, template.format, outcome.refused.message, outcome.refused);
  if (outcome.answer === 'not-offered') throw templateNotOffered([], templateId);
  return fromOverThere(upstream.connector, outcome.answer);
}

/** Backend.annexContent: asked for when it is first read, so that many files of one answer come one after the other. While the other side
 * is away, a file that we sent there, or brought back, is read from here. */
export function annexContent({ embedded, look }: DocumentParts, read: ReadItem, annex: ShownAnnex): Readable {
  if (read.upstream === undefined || 'sha256' in annex.bytes) return embedded.annexContent(read, annex);
  const { connector } = read.upstream;
  const { place, kept } = annex.bytes;
  const fromHere = kept === null ? null : () => embedded.annexContent(read, { ...annex, bytes: { sha256: kept } });
  return Readable.from(content(look, { connector, place, reader: read.reader.id, fromHere }), { objectMode: false });
}

interface Place { readonly connector: string; readonly place: unknown; readonly reader: string; readonly fromHere: (() => Readable) | null }

async function* content(look: Look, { connector, place, reader, fromHere }: Place): AsyncGenerator<Buffer> {
  const outcome = await look.askAlone(connector, null, ({ deliberation, settings, context }, signal) => deliberation.annexContent(place, reader, settings, context(signal)));
  if (typeof outcome === 'string') {
    if (fromHere === null) throw upstreamAway(connector, 'a file could not be asked for');
    yield* fromHere() as AsyncIterable<Buffer>;
    return;
  }
  if ('refused' in outcome) throw upstreamAway(connector, 'a file is not given out', outcome.refused);
  if (outcome.answer === 'gone') throw new RelaisError('RELAIS_BLOB_MISSING', `connector ${connector}: a file is not there any more`);
  yield* fromOverThere(connector, outcome.answer) as AsyncIterable<Buffer>;
}

/** A stream whose failure says that it is not ours; whoever stops reading stops the other side too. */
function fromOverThere(connector: string, source: Readable): Readable {
  async function* read(): AsyncGenerator<Buffer> {
    try {
      yield* source as AsyncIterable<Buffer>;
    } catch (error) {
      throw upstreamAway(connector, 'a file stopped half-way', error);
    } finally {
      source.destroy();
    }
  }
  return Readable.from(read(), { objectMode: false });
}
