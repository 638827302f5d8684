import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Refused } from '../../src/connector-api/failures.js';
import type { CouncilReader } from '../../src/connector-api/deliberation.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import type { KeepFile } from '../../src/soap-client/values.js';
import { anyAnswer } from './answers.js';
import { actingUser, type CouncilSoapSettings } from './config.js';
import { isOurs, lacksRole, passOver, plainly, read, sentence, WHO, type ServiceContext } from './service.js';

/** No size is told: a file gets as much time as one of this size, bytes. */
const FILE_BYTES = 64 * 1024 * 1024;

const annexPlace = z.object({ item: z.string(), id: z.string(), typeId: z.string(), filename: z.string() });

/** Bytes of an annex, while they come. The server gives all annexes of its type in one answer; the others are passed over. */
export async function readAnnex(place: unknown, reader: CouncilReader, settings: CouncilSoapSettings, context: ServiceContext): Promise<Readable | 'gone'> {
  const { item, id, typeId, filename } = annexPlace.parse(place);
  const values = {
    UID: item, showExtraInfos: false, showAnnexes: true, include_annex_binary: true, allowed_annexes_types: typeId === '' ? [] : [typeId], showAssembly: false,
    showTemplates: false, showEmptyValues: true, inTheNameOf: actingUser(settings, reader),
  };
  const isWanted = (beside: Readonly<Record<string, string>>): boolean => (id === '' ? beside['filename'] === filename : beside['id'] === id);
  return await streamed(isWanted, (keep) => read('getItemInfos', values, anyAnswer, settings, context, { keep, bytes: FILE_BYTES })).catch((error: unknown) => { throw plainly(error); }) ?? 'gone';
}

/** A document that is made of the item now. */
export async function readDocument(uid: string, templateId: string, reader: CouncilReader, settings: CouncilSoapSettings, context: ServiceContext): Promise<Readable | 'not-offered'> {
  const values = { itemUID: uid, templateId, inTheNameOf: actingUser(settings, reader) };
  try {
    return await streamed(() => true, (keep) => read('getItemTemplate', values, anyAnswer, settings, context, { keep, bytes: FILE_BYTES })) ?? 'not-offered';
  } catch (error) {
    if (!(error instanceof SoapFault) || !isOurs(error) || lacksRole(error)) throw plainly(error);
    // contracts/ws4pm.md §3.1: F-GEN begins with this word, F-ITEM and F-TPL do not
    if (/^Exception\b/.test(error.text)) throw new Refused(sentence(`${WHO} cannot make the document: ${error.text}`), { cause: error });
    return 'not-offered';
  }
}

/** The wanted file of an answer as soon as it begins; undefined where the answer ends without one. What breaks later breaks the
 * stream, and who stops reading it ends the call. */
function streamed(isWanted: (beside: Readonly<Record<string, string>>) => boolean, call: (keep: KeepFile) => Promise<unknown>): Promise<Readable | undefined> {
  return new Promise((resolve, reject) => {
    let content: PassThrough | undefined;
    const keep: KeepFile = async (source, beside) => {
      if (content !== undefined || !isWanted(beside)) return passOver(source);
      content = new PassThrough();
      // whoever reads it is told; until somebody does, an error must not end the process
      content.on('error', () => undefined);
      resolve(content);
      await pipeline(source, content);
      return { sha256: '', size: 0 };
    };
    call(keep).then(() => { if (content === undefined) resolve(undefined); }, (error: unknown) => {
      const failure = error instanceof Error ? error : new Error('the answer broke off', { cause: error });
      if (content === undefined) reject(failure);
      else content.destroy(failure);
    });
  });
}
