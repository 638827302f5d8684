import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { zipEntries, type ZipLimits } from '../../src/formats/zip-entries.js';
import { ZipFailure } from '../../src/formats/zip-failure.js';
import { addedFiles, plainName, sentAs, type ReturnedDocument, type ReturnedFile, type ReturnedFolder } from '../../src/signature-book/returned-folder.js';
import type { SentFile, SentFolder } from '../../src/signature-book/sent-folder.js';
import { mediaTypeOf } from '../../src/domain/media-types.js';
import { downloadZip } from './folder-calls.js';
import type { Session } from './session.js';

/** contracts/iparapheur.md §3.4. */
const MAIN_FOLDER = 'documents principaux';
const SLIP_ENDING = '_bordereau.pdf';
const HISTORY = 'premis.xml';
const SIGNATURE_ENDINGS = /\.(?:p7s|p7m|p7b|sig|asc|xsig)$/i;

/** Far beyond what a folder may hold (§2.5: 2000 MB), far below what fills a disk. */
const LIMITS: ZipLimits = { entries: 1000, bytes: 4 * 2 ** 30 };

/** A file of the archive, kept. */
interface Unpacked extends ReturnedFile {
  readonly isMain: boolean;
}

/** Fetches all files of a folder and keeps them; null where the folder is not known any more. Throws OutcomeUnknown for an archive that
 * came in half, Refused for one that cannot be read. */
export async function fetchFiles(session: Session, id: string, sent: SentFolder, context: ConnectorContext): Promise<Omit<ReturnedFolder, 'onPaper'> | null> {
  const answer = await downloadZip(session, id, sent.files.reduce((sum, { size }) => sum + size, 0));
  if (answer === null) return null;
  return sorted(await unpack(answer.body as AsyncIterable<Uint8Array>, context), sent);
}

async function unpack(archive: AsyncIterable<Uint8Array>, { blobs }: ConnectorContext): Promise<readonly Unpacked[]> {
  const files: Unpacked[] = [];
  try {
    for await (const { path, content } of zipEntries(archive, LIMITS)) {
      const filename = path.at(-1) ?? '';
      if (filename.toLowerCase() === HISTORY) continue;
      const isMain = path.slice(0, -1).some((folder) => plainName(folder) === MAIN_FOLDER);
      files.push({ filename, mediaType: mediaTypeOf(filename), ...await blobs.keep(content), isMain });
    }
  } catch (error) {
    throw error instanceof ZipFailure ? failureOf(error) : error;
  }
  return files;
}

function failureOf(error: ZipFailure): Error {
  const words = `The archive of the folder cannot be used. ${error.message}`;
  return error.problem === 'cut' || error.problem === 'damaged' ? new OutcomeUnknown(words, { cause: error }) : new Refused(words, { cause: error });
}

/** What is what: names tell, not the order. */
function sorted(unpacked: readonly Unpacked[], { files: sent, place, title }: SentFolder): Omit<ReturnedFolder, 'onPaper'> {
  const mains = sent.filter(({ part }) => part === 'main' || part === 'supplementary');
  // Where no folder tells main documents, their names do.
  const files = unpacked.some(({ isMain }) => isMain) ? unpacked : unpacked.map((file) => ({ ...file, isMain: sentAs(file.filename, mains) !== null }));
  const inMain = files.filter(({ isMain }) => isMain);
  const documents = inMain.filter((file) => !isSignature(file, mains));
  const signatures = inMain.filter((file) => !documents.includes(file));
  const slip = slipOf(files.filter(({ isMain }) => !isMain), title);
  const returned = documents.map((file): ReturnedDocument & { readonly original: SentFile | null } => ({
    file: plain(file), original: sentAs(file.filename, mains), detached: signatures.filter((one) => signedBy(one, documents) === file).map(plain), place,
  }));
  // A sub-type for one document makes annexes of the others (§1.5), so that only what came back as main documents is taken out.
  const others = sent.filter((file) => !returned.some(({ original }) => original === file));
  return {
    documents: returned,
    slip: slip === null ? null : plain(slip),
    added: addedFiles(files.filter((file) => !file.isMain && file !== slip).map(plain), others),
  };
}

/** A signature stands beside its document (§3.4). One in XML is told from a document by its name: nobody sent it. */
function isSignature({ filename }: ReturnedFile, mains: readonly SentFile[]): boolean {
  if (mains.some((main) => plainName(main.filename) === plainName(filename))) return false;
  return SIGNATURE_ENDINGS.test(filename) || (/\.xml$/i.test(filename) && !mains.some((main) => /\.xml$/i.test(main.filename) && sentAs(filename, [main]) !== null));
}

/** The document whose name a signature's begins with, the longest of them; of a single document, all are. */
function signedBy<File extends ReturnedFile>({ filename }: ReturnedFile, documents: readonly File[]): File | undefined {
  const stem = (name: string): string => plainName(name).replace(/\.[^.]{1,20}$/, '');
  const [longest] = documents.filter((document) => plainName(filename).startsWith(stem(document.filename))).toSorted((a, b) => b.filename.length - a.filename.length);
  return longest ?? documents[0];
}

function slipOf<File extends ReturnedFile>(files: readonly File[], title: string): File | null {
  const slips = files.filter(({ filename }) => plainName(filename).endsWith(SLIP_ENDING));
  return slips.find(({ filename }) => plainName(filename) === plainName(`${title}${SLIP_ENDING}`)) ?? slips.at(-1) ?? null;
}

function plain({ filename, mediaType, sha256, size }: ReturnedFile): ReturnedFile {
  return { filename, mediaType, sha256, size };
}
