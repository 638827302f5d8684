import { createRequire } from 'node:module';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { pdfContent } from './pdf-content.js';
import type { Block } from './rich-text.js';

export interface PdfOptions {
  readonly title: string;
  /** False leaves the text readable in the file, for tests. */
  readonly compress?: boolean;
}

/** Lays blocks out on A4 pages. The library is loaded at the first call: it takes 120 ms and memory that a gateway
 * without PDF templates need not spend. Fonts come from its package (Roboto: Latin, Greek, Cyrillic). */
export async function makePdf(blocks: readonly Block[], options: PdfOptions): Promise<Readable> {
  const { default: pdfmake } = await import('pdfmake');
  const fonts = path.join(path.dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
  const font = (name: string): string => path.join(fonts, `Roboto-${name}.ttf`);
  pdfmake.setFonts({ Roboto: { normal: font('Regular'), bold: font('Medium'), italics: font('Italic'), bolditalics: font('MediumItalic') } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((file) => path.dirname(file) === fonts);
  pdfmake.setTableLayouts({ relais: { hLineWidth: () => 0.5, vLineWidth: () => 0.5, hLineColor: () => '#888888', vLineColor: () => '#888888' } });
  const document = await pdfmake.createPdf(definition(blocks, options)).getStream();
  document.end();
  return document;
}

function definition(blocks: readonly Block[], { title, compress = true }: PdfOptions): TDocumentDefinitions {
  return {
    content: pdfContent(blocks),
    pageSize: 'A4',
    pageMargins: [60, 55, 60, 55],
    defaultStyle: { font: 'Roboto', fontSize: 10.5, lineHeight: 1.15 },
    info: { title, creator: 'Relais', producer: 'Relais' },
    language: 'fr',
    compress,
    footer: (page, pages) => ({ text: `${page} / ${pages}`, alignment: 'center', fontSize: 8, margin: [0, 20, 0, 0] }),
  };
}
