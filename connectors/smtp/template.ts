/** Subject and bodies of a mail, with places for what an item says. */
export interface Template {
  readonly language: 'fr' | 'en';
  readonly subject: string;
  readonly text: string;
  /** Null: it has none. */
  readonly html: string | null;
}

/** What is wrong in a template. */
export interface TemplateMistake {
  readonly line: number;
  readonly message: string;
}

/** Begins the HTML of a template; what stands above is its text. */
const HTML_LINE = /^-{3,} *html *-{3,}$/i;
const HEAD_LINE = /^(subject|objet|language|langue) *: *(.*)$/i;
export const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Placeholders that are the item's own. Rich texts come as plain ones. */
export const ITEM_PLACEHOLDERS = [
  'uid', 'kind', 'title', 'description', 'detailedDescription', 'motivation', 'decision', 'category', 'externalIdentifier', 'reviewState', 'creator', 'createdAt', 'modifiedAt',
] as const;

/** Those behind a point: what callers and letters say beside it, and what steps brought back. */
const NAMED = /^(?:extra\.[A-Za-z_]\w*|results\.[\w-]+\.(?:state|reference|reason|fields\.[\w.-]+))$/;

/** Reads a template: a head (`Subject: …` or `Objet : …`, and `Language: en` where it is not French), an empty line, the text, and the HTML below a line
 * `--- html ---`. Answers what is wrong in it, if anything is. */
export function readTemplate(source: string): Template | { readonly mistakes: readonly TemplateMistake[] } {
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/);
  const empty = lines.findIndex((line) => line.trim() === '');
  const headEnd = empty < 0 ? lines.length : empty;
  const { subject, language, mistakes } = readHead(lines.slice(0, headEnd));
  const body = lines.slice(headEnd + 1);
  if (body.every((line) => line.trim() === '')) mistakes.push({ line: lines.length, message: 'expected a text below the empty line' });
  mistakes.push(...unknownPlaceholders(lines));
  if (mistakes.length > 0) return { mistakes };
  const at = body.findIndex((line) => HTML_LINE.test(line.trim()));
  const [text, html] = at < 0 ? [body, null] : [body.slice(0, at), body.slice(at + 1).join('\n').trim()];
  return { language: language === 'en' ? 'en' : 'fr', subject, text: text.join('\n').trim(), html };
}

function readHead(lines: readonly string[]): { readonly subject: string; readonly language: string; readonly mistakes: TemplateMistake[] } {
  const mistakes: TemplateMistake[] = [];
  const head = { subject: '', language: 'fr' };
  for (const [index, line] of lines.entries()) {
    const [, name = '', value = ''] = HEAD_LINE.exec(line) ?? [];
    if (name === '') mistakes.push({ line: index + 1, message: 'expected Subject: and a text, then an empty line' });
    else head[/^[so]/i.test(name) ? 'subject' : 'language'] = value.trim();
  }
  if (head.subject === '') mistakes.push({ line: 1, message: 'expected Subject: and a text' });
  if (!['fr', 'en'].includes(head.language)) mistakes.push({ line: 1, message: `found the language ${head.language}, expected fr or en` });
  return { ...head, mistakes };
}

function unknownPlaceholders(lines: readonly string[]): TemplateMistake[] {
  return lines.flatMap((line, index) => {
    const names = [...line.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
    const unknown = names.filter((name) => !isKnown(name)).map((name) => ({ line: index + 1, message: `{{${name}}} is unknown, expected one of ${ITEM_PLACEHOLDERS.join(', ')}, extra.<name>, results.<step>.reference, results.<step>.state, results.<step>.reason, results.<step>.fields.<name>` }));
    const isOpen = /\{\{|\}\}/.test(line.replace(PLACEHOLDER, ''));
    return isOpen ? [...unknown, { line: index + 1, message: 'a placeholder is not closed, expected {{name}} on one line' }] : unknown;
  });
}

function isKnown(name: string): boolean {
  return (ITEM_PLACEHOLDERS as readonly string[]).includes(name) || NAMED.test(name);
}
