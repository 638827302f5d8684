import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { TemplateFormat } from '../domain/meeting-config.js';
import { RelaisError } from '../errors.js';
import { fillHtmlTemplate } from './fill-html-template.js';
import type { DocumentData, DocumentGenerator } from './generate-document.js';
import { makeDocx } from './make-docx.js';
import { makePdf } from './make-pdf.js';
import { printableData } from './printable-data.js';
import { readRichText } from './read-rich-text.js';

/** PDF from HTML templates, Word from Word templates. Templates are read at each call, so that a correction shows at once. */
export function createDocumentGenerator(): DocumentGenerator {
  return {
    async generate(sourceFile, format, data) {
      const made = SOURCES.get(path.extname(sourceFile).toLowerCase());
      if (made?.format !== format) {
        throw new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: format ${format}: a template of type ${path.extname(sourceFile) || 'unknown'} makes ${made?.format ?? 'no document'}.`);
      }
      return made.make(await readTemplate(sourceFile), printableData(data));
    },
  };
}

interface Source {
  readonly format: TemplateFormat;
  make(template: Buffer, data: DocumentData): Promise<Readable>;
}

/** What is made of a template, by its extension. */
const SOURCES: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['.html', { format: 'pdf', make: pdfFromHtml }],
  ['.docx', { format: 'docx', make: async (template, data) => Readable.from([await makeDocx(template, data)]) }],
]);

async function pdfFromHtml(template: Buffer, data: DocumentData): Promise<Readable> {
  const filled = fillHtmlTemplate(template.toString('utf8'), { ...data });
  const texts = new Map(Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  return makePdf(readRichText(filled, (name) => readRichText(texts.get(name) ?? '')), { title: data.title });
}

async function readTemplate(sourceFile: string): Promise<Buffer> {
  try {
    return await readFile(sourceFile);
  } catch (error) {
    throw new RelaisError('RELAIS_WS4PM_GENERATION', 'Exception: the file of the template cannot be read.', { cause: error });
  }
}
