import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TemplateFormat } from '../domain/meeting-config.js';
import { RelaisError } from '../errors.js';
import { fillHtmlTemplate } from './fill-html-template.js';
import type { DocumentData } from './generate-document.js';
import { makeDocx } from './make-docx.js';
import { makePdf } from './make-pdf.js';
import { printableData } from './printable-data.js';
import { readRichText } from './read-rich-text.js';

interface Source {
  readonly format: TemplateFormat;
  make(template: Buffer, data: DocumentData): Promise<Buffer>;
}

/** What is made of a template, by its extension. */
const SOURCES: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['.html', { format: 'pdf', make: pdfFromHtml }],
  ['.docx', { format: 'docx', make: makeDocx }],
]);

/** Makes one document in the thread that calls it: PDF from an HTML template, Word from a Word template. The template is
 * read at each call, so that a correction shows at once. Throws RELAIS_WS4PM_GENERATION. */
export async function makeDocument(sourceFile: string, format: TemplateFormat, data: DocumentData): Promise<Buffer> {
  const extension = path.extname(sourceFile).toLowerCase();
  const source = SOURCES.get(extension);
  if (source?.format !== format) {
    throw new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: format ${format}: a template of type ${extension || 'unknown'} makes ${source?.format ?? 'no document'}.`);
  }
  return source.make(await readTemplate(sourceFile), printableData(data));
}

async function pdfFromHtml(template: Buffer, data: DocumentData): Promise<Buffer> {
  const filled = fillHtmlTemplate(template.toString('utf8'), { ...data });
  const texts = new Map(Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const blocks = readRichText(filled, (name) => readRichText(texts.get(name) ?? ''));
  return buffer(await makePdf(blocks, { title: data.title }));
}

async function readTemplate(sourceFile: string): Promise<Buffer> {
  try {
    return await readFile(sourceFile);
  } catch (error) {
    throw new RelaisError('RELAIS_WS4PM_GENERATION', 'Exception: the file of the template cannot be read.', { cause: error });
  }
}
