import { Readable } from 'node:stream';
import type { SimulatedAnswer } from '../connector-kit/rehearsal.js';
import type { Desk } from './desk.js';
import type { DeskFolder } from './desk-folder.js';

/** What a rehearsal lets people answer about an item: they add the documents as annexes and do all that the circuit asks for, or one of
 * them refuses. `isOfItem` finds its folder. */
export async function answerFolder(desk: Desk, isOfItem: (folder: DeskFolder) => boolean, answer: SimulatedAnswer): Promise<void> {
  const folder = desk.list().find(isOfItem);
  if (folder === undefined) throw new Error('there is no folder of that item');
  if (answer.state === 'rejected') {
    await desk.act(folder.id, { do: 'reject', reason: answer.reason });
    return;
  }
  for (const { filename, content } of answer.documents) {
    await desk.addAnnex(folder.id, { filename, mediaType: 'application/pdf', ...await desk.files.keep(Readable.from([content])) });
  }
  await desk.finish(folder.id);
}
