import { Parser } from 'htmlparser2';

const SILENT = new Set(['script', 'style', 'template']);
/** Elements inside a word: anything else separates words. */
const INLINE = new Set(['a', 'abbr', 'b', 'bdi', 'bdo', 'cite', 'code', 'del', 'dfn', 'em', 'font', 'i', 'ins', 'kbd', 'mark', 'q', 's', 'samp', 'small', 'span', 'strong', 'sub', 'sup', 'tt', 'u', 'var', 'wbr']);
const ONE_PARAGRAPH = /^<p>([^<&]*)<\/p>$/;

/** The text of an HTML fragment: no markup, entities decoded, words of different blocks kept apart. */
export function htmlText(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return html;
  const simple = ONE_PARAGRAPH.exec(html);
  if (simple !== null) return simple[1] ?? '';
  const parts: string[] = [];
  let silent = 0;
  const parser = new Parser({
    onopentagname(name) {
      if (SILENT.has(name)) silent += 1;
      if (!INLINE.has(name)) parts.push(' ');
    },
    ontext(text) {
      if (silent === 0) parts.push(text);
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent -= 1;
      if (!INLINE.has(name)) parts.push(' ');
    },
  }, { decodeEntities: true });
  parser.end(html);
  return parts.join('').trim();
}
