// Entry point of the process that makes documents (create-document-generator.ts starts it and speaks to it). It ends by
// itself when the gateway closes the channel or dies.
import { RelaisError } from '../errors.js';
import { makeDocument } from './make-document.js';
import type { MakerAnswer, MakerRequest } from './maker-messages.js';

async function answer({ sourceFile, format, data }: MakerRequest): Promise<MakerAnswer> {
  try {
    return { bytes: await makeDocument(sourceFile, format, data) };
  } catch (error) {
    const generation = error instanceof RelaisError && error.code === 'RELAIS_WS4PM_GENERATION';
    return { problem: error instanceof Error ? error.message : String(error), generation, stack: error instanceof Error ? error.stack ?? '' : '' };
  }
}

process.on('message', (request: MakerRequest) => {
  void answer(request).then((made) => process.send?.(made));
});
