import { RelaisError } from '../errors.js';
import { createDocxParts } from './docx-parts.js';
import type { DocumentData } from './generate-document.js';
import { ooxml } from './ooxml.js';
import { readRichText } from './read-rich-text.js';
import { templaterProblem } from './templater-problem.js';

/** Fills a Word template: `{title}` prints text, `{@descriptionHtml}` alone in its paragraph becomes rich text,
 * `{#annexes}…{/annexes}` repeats. A name without a value prints nothing. Throws RELAIS_WS4PM_GENERATION with the tag and
 * the cause when the template is wrong. The libraries are loaded at the first call. */
export async function makeDocx(template: Buffer, data: DocumentData): Promise<Buffer> {
  const [{ default: PizZip }, { default: Templater }] = await Promise.all([import('pizzip'), import('docxtemplater')]);
  const zip = refusing(() => new PizZip(template));
  const parts = createDocxParts(zip);
  const templater = refusing(() => new Templater(zip, { paragraphLoop: true, linebreaks: true, errorLogging: false, nullGetter: () => '' }));
  const scope = Object.fromEntries(Object.entries(data).map(([name, value]: [string, unknown]) => (
    [name, typeof value === 'string' && name.endsWith('Html') ? ooxml(readRichText(value), parts) : value]
  )));
  refusing(() => templater.render(scope));
  parts.write();
  return zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' });
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RelaisError) throw error;
    throw new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: ${templaterProblem(error)}`, { cause: error });
  }
}
