import { cleanHtml } from '../deliberation/html/clean-html.js';
import { RelaisError } from '../errors.js';

/** HTML of a stranger without what runs, calls out or shows pictures; null where it is nested too deeply to be looked at. */
export function safeHtml(html: string): string | null {
  try {
    // pictures of a mail tell their sender who opened it, and those within it are files of the item
    return cleanHtml(html, 'real', 'the mail').html.replace(/<img\b[^>]*>/g, '');
  } catch (error) {
    if (error instanceof RelaisError) return null;
    throw error;
  }
}

/** What a person reads in it, line by line; empty where nothing can be read. */
export function htmlAsText(html: string): string {
  return html === '' ? '' : readable(safeHtml(html) ?? '');
}

/** The same of HTML that is safe. */
export function readable(safe: string): string {
  return safe
    .replace(/\s+/g, ' ')
    .replace(/<br>|<p>|<\/(?:p|div|tr|li|h[1-6]|blockquote)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    .split('\n').map((line) => line.trim()).join('\n');
}

/** A text as paragraphs. */
export function textAsHtml(text: string): string {
  const escaped = text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped === '' ? '' : escaped.split(/\n[ \t]*\n\s*/).map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`).join('');
}
