import { z } from 'zod';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { answerWords } from '../../src/connector-api/http-failure.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { multipartBody, type FormPart } from '../../src/connector-api/multipart.js';
import type { FolderFile, SignatureFolder } from '../../src/signature-book/folder.js';
import { isXml } from '../../src/domain/file-kind.js';
import type { FolderMark } from './folder-mark.js';
import { readJson } from './page.js';
import { buildPremis, type PremisFile } from './premis-build.js';
import type { Session } from './session.js';
import type { ChosenType } from './types.js';

const created = z.object({ id: z.string().min(1) });

/** A signature of its own is small. */
const LARGEST_SIGNATURE = 2 ** 20;

/** The files of a folder in the order in which they travel. */
export function filesOf({ main, supplementary, annexes }: SignatureFolder): readonly FolderFile[] {
  return [main, ...supplementary, ...annexes];
}

/** The PREMIS text of a folder; reads the signature that comes with it, if one does. */
export async function premisOf(folder: SignatureFolder, mark: FolderMark, { type, subtype }: ChosenType, context: ConnectorContext): Promise<string> {
  const signature = folder.detachedSignature === null ? undefined : await signatureOf(folder.detachedSignature, context);
  const files: PremisFile[] = [
    { filename: folder.main.filename, main: true, ...(signature !== undefined && { signature }) },
    ...folder.supplementary.map(({ filename }) => ({ filename, main: true })),
    ...folder.annexes.map(({ filename }) => ({ filename, main: false })),
  ];
  return buildPremis({ title: mark.title, type: type.id, subtype: subtype.id, deadline: folder.deadline, metadata: mark.metadata, files });
}

/** Creates a folder; answers its identifier. `start`: it goes into its circuit at once, else it stays a draft. */
export async function createFolder(session: Session, folder: SignatureFolder, premis: string, start: boolean, context: ConnectorContext): Promise<string> {
  const parts: FormPart[] = [
    { name: 'folder', text: premis, mediaType: 'application/xml', filename: 'premis.xml' },
    ...filesOf(folder).map(({ annex, filename }) => ({ name: 'documents', annex, filename })),
  ];
  const bytes = filesOf(folder).reduce((sum, { annex }) => sum + annex.size, 0);
  const answer = await session.api.call({ method: 'POST', path: `${await session.desk()}/folder?autoStart=${String(start)}`, bytes, body: () => multipartBody(parts, context) });
  if (answer.status !== 200 && answer.status !== 201) throw await creationFailure(answer, session);
  return readJson(created, await answer.text(), 'i-Parapheur').id;
}

/** What was looked up may be so no longer: it is asked for anew next time. */
async function creationFailure(answer: HttpAnswer, session: Session): Promise<Error> {
  session.forget();
  if (answer.status === 404) return new Refused(`i-Parapheur answered 404${said(await answerWords(answer))}. A type, a sub-type or a metadata that the folder needs is not there any more.`);
  if (answer.status !== 500) return session.api.failure(answer);
  const words = await answerWords(answer);
  // contracts/iparapheur.md §1.7: told in English, with whatever status; nothing was made.
  if (/metadata/i.test(words) && /mandatory|required/i.test(words)) return new Refused(`i-Parapheur wants a metadata that the step does not map${said(words)}.`);
  return new OutcomeUnknown(`i-Parapheur answered 500${said(words)}.`);
}

function said(words: string): string {
  return words === '' ? '' : `: ${words}`;
}

async function signatureOf({ annex }: FolderFile, context: ConnectorContext): Promise<NonNullable<PremisFile['signature']>> {
  if (annex.size > LARGEST_SIGNATURE) throw new Refused(`Field «detachedSignature»: «${annex.filename}» has ${annex.size} bytes, expected at most ${LARGEST_SIGNATURE}.`);
  const chunks: Buffer[] = [];
  for await (const chunk of annexContent(annex, context) as AsyncIterable<Buffer>) chunks.push(chunk);
  return { method: isXml(annex) ? 'XAdES_BASELINE_B' : 'CAdES_BASELINE_B', content: Buffer.concat(chunks) };
}
