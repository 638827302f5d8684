import { strToU8, zipSync } from 'fflate';
import type { DocumentTemplate, TemplateFormat } from '../domain/meeting-config.js';
import { makePdf } from '../signature-desk/make-pdf.js';
import { plainText } from './catalog.js';
import type { DeskItem, MadeDocument } from './desk-item.js';

/** Characters on a line of the page. */
const LINE = 88;

const MEDIA_TYPES: Readonly<Record<TemplateFormat, string>> = { pdf: 'application/pdf', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' };

/** A small document with what the item says, whatever the template looks like: the same bytes for the same item. */
export function makeDocument(item: DeskItem, template: DocumentTemplate, format: TemplateFormat): MadeDocument {
  const paragraphs = [template.title, item.title, ...[item.description, item.motivation, item.decision].map(plainText).filter((text) => text !== '')];
  const content = format === 'pdf' ? makePdf(paragraphs.flatMap((text) => [...wrapped(text), ''])) : makeDocx(paragraphs);
  return { filename: `${template.id}.${format}`, mediaType: MEDIA_TYPES[format], content };
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const PARTS = {
  '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
};

/** The least that is a Word document (ECMA-376 §11.3.10). */
function makeDocx(paragraphs: readonly string[]): Buffer {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`).join('');
  const parts = { ...PARTS, 'word/document.xml': `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>` };
  // a date of its own would make other bytes each time
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(HEAD + text)])), { mtime: '1980-01-02' }));
}

function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex -- what no XML may hold
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
