import { Readable } from 'node:stream';
import { DeskRefusal, type DeskDocument, type DeskFile, type DeskFolder } from './desk-folder.js';
import type { DeskFiles } from './desk-files.js';
import { makePdf } from './make-pdf.js';
import { signDetached } from './sign-detached.js';
import { signPdf } from './sign-pdf.js';
import { signXml } from './sign-xml.js';
import type { TestSigner } from './test-certificate.js';

export interface PuttingParts {
  readonly files: DeskFiles;
  readonly signer: TestSigner;
  /** Epoch milliseconds. */
  readonly at: number;
  /** On another document than the one that lies there. */
  readonly other: boolean;
}

/** Signs every main document in the format of the folder. Throws DeskRefusal for one that cannot be signed so. */
export async function putSignature(folder: DeskFolder, parts: PuttingParts): Promise<DeskFolder> {
  if (folder.format === 'none') return folder;
  const main: DeskDocument[] = [];
  for (const document of folder.main) main.push(await signedDocument(document, folder, parts).catch((error: unknown) => { throw whyNot(document, error); }));
  return { ...folder, main };
}

async function signedDocument(document: DeskDocument, { format, xpath }: DeskFolder, parts: PuttingParts): Promise<DeskDocument> {
  const { files, signer, at } = parts;
  const content = parts.other ? otherContent(document.mediaType) : await files.whole(document.sha256);
  if (format === 'detached') {
    const filename = `${document.filename}${document.signatures.length === 0 ? '' : `.${document.signatures.length + 1}`}.p7s`;
    const signature = await kept(files, { filename, mediaType: 'application/pkcs7-signature' }, await signDetached(content, signer, at));
    return { ...document, signatures: [...document.signatures, signature] };
  }
  const signed = format === 'pades' ? await signPdf(content, signer, { at }) : await signXml(content, signer, { place: xpath === '//Bordereau' ? '//Bordereau' : '.', at });
  return { ...document, ...await kept(files, document, signed) };
}

function whyNot({ filename }: DeskFile, error: unknown): unknown {
  return error instanceof SyntaxError ? new DeskRefusal('cannot-sign', `Le document ${filename} ne peut pas être signé : ${error.message}`, { cause: error }) : error;
}

async function kept(files: DeskFiles, { filename, mediaType }: Pick<DeskFile, 'filename' | 'mediaType'>, content: Buffer): Promise<DeskFile> {
  return { filename, mediaType, ...await files.keep(Readable.from([content])) };
}

function otherContent(mediaType: string): Buffer {
  if (mediaType === 'application/pdf') return makePdf(['Ceci est un autre document que celui qui a été envoyé.']);
  return Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<Autre Id="autre"><Bordereau Id="bordereau">Un autre document</Bordereau></Autre>\n');
}
