import { annexContent } from '../connector-api/annex-content.js';
import type { ConnectorContext } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import { checkActDocument } from '../formats/actes/check-act-document.js';
import { FormatError } from '../formats/format-error.js';
import type { Act } from './act.js';

/** Reads each document of an act to its end: what it is by its content, and that all of it is there. Await it before the mark. Throws Refused,
 * naming the file. */
export async function checkActFiles({ main, annexes, nature, classification }: Pick<Act, 'main' | 'annexes' | 'nature' | 'classification'>, context: Pick<ConnectorContext, 'blobs' | 'signal' | 'logger'>): Promise<void> {
  for (const annex of [main, ...annexes]) {
    const part = annex === main ? 'main' : 'annex';
    try {
      const { warnings } = await checkActDocument(annexContent(annex, context), { nature, classification, mediaType: annex.mediaType, part });
      for (const warning of warnings) context.logger.warn(warning, { file: annex.filename });
    } catch (error) {
      if (error instanceof FormatError) throw new Refused(`The document «${annex.filename}» would be refused. ${error.message}`, { cause: error });
      throw error;
    }
  }
}
