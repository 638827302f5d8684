import sanitizeHtml, { type IOptions } from 'sanitize-html';
import { ALL_MARKUP, SAFE_MARKUP, URL_ATTRIBUTES } from './sanitizer-options.js';
import type { Ws4pmSettings } from '../../domain/authority.js';
import { RelaisError } from '../../errors.js';

/** Elements within each other. The parser's time grows with the square of it, and no text that a person wrote comes near. */
const MAX_DEPTH = 256;

export interface CleanedHtml {
  readonly html: string;
  /** Worth a warning under the setting `htmlWarnings`. */
  readonly warns: boolean;
}

/** Repairs and sanitises a rich-text field (contracts/ws4pm.md §4.3). Text is wrapped in a paragraph unless it begins with
 * one. Entities become characters, but for those of `<`, `>` and `&`: what was escaped stays text. `warnings` `any` warns
 * of every difference from the wrapped input, `real` only of markup repaired or lost. Removing an enclosing div (step 6) has
 * nothing to do here, because the result begins with a paragraph. `field` names the text in the error.
 * Throws RELAIS_WS4PM_HTML for elements nested too deeply. */
export function cleanHtml(raw: string, warnings: Ws4pmSettings['htmlWarnings'], field: string): CleanedHtml {
  const reference = wrapped(raw);
  return isPlainParagraph(reference) ? { html: reference, warns: false } : cleanMarkup(raw, warnings, field);
}

/** True if the sanitiser would change nothing: no markup and no character to escape between the tags of the paragraph. */
function isPlainParagraph(reference: string): boolean {
  return !/[<>&]/.test(reference.slice('<p>'.length, -'</p>'.length));
}

/** What the reference server compares with. */
function wrapped(raw: string): string {
  return raw.startsWith('<p>') && raw.endsWith('</p>') ? raw : `<p>${raw}</p>`;
}

/** As cleanHtml, which takes a short cut past it for plain text. */
export function cleanMarkup(raw: string, warnings: Ws4pmSettings['htmlWarnings'], field: string): CleanedHtml {
  const reference = wrapped(raw);
  const source = /^\s*<p(?=[\s/>])/i.test(raw) ? raw : reference;
  const html = serialise(source, { ...SAFE_MARKUP, ...watchTags(field) });
  const warns = warnings === 'any' ? html !== reference : html !== source && isRepairedOrReduced(source, html);
  return { html, warns };
}

/** HTML spelling: `<br>`. The sanitiser escapes every other `>`. */
function serialise(source: string, options: IOptions): string {
  return sanitizeHtml(source, options).replaceAll(' />', '>');
}

/** Stops at MAX_DEPTH, and takes away addresses holding comments before the sanitiser looks at their scheme: no true
 * address has one, and it would take quadratic time over many. */
function watchTags(field: string): IOptions {
  let depth = 0;
  return {
    onOpenTag: (_name, attributes) => {
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw new RelaisError('RELAIS_WS4PM_HTML', `${field}: found more than ${MAX_DEPTH} HTML elements within each other, expected fewer.`);
      }
      for (const name of URL_ATTRIBUTES) if (attributes[name]?.includes('<!--')) attributes[name] = '';
    },
    onCloseTag: () => { depth -= 1; },
  };
}

function isRepairedOrReduced(source: string, html: string): boolean {
  return tagsOf(source) !== tagsOf(html) || serialise(source, ALL_MARKUP) !== html;
}

function tagsOf(html: string): string {
  return (withoutComments(html).match(/<\/?[a-z][a-z0-9]*/gi) ?? []).join('').toLowerCase();
}

function withoutComments(html: string): string {
  let kept = '';
  let from = 0;
  for (let start = html.indexOf('<!--'); start !== -1; start = html.indexOf('<!--', from)) {
    kept += html.slice(from, start);
    const end = html.indexOf('-->', start);
    if (end === -1) return kept;
    from = end + '-->'.length;
  }
  return kept + html.slice(from);
}
