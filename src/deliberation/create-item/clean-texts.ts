import type { CreateItemRequest } from './create-item-request.js';
import type { Ws4pmSettings } from '../../domain/authority.js';
import type { Item } from '../../domain/item.js';
import { RelaisError } from '../../errors.js';
import { cleanHtml } from '../html/clean-html.js';

/** Characters that begin markup, in all rich texts of one item together. Each costs the parser a microsecond or more, in which
 * nobody else is served; a table of ten thousand rows stays far below. */
const MAX_MARKUP = 250_000;

type Texts = Pick<Item, 'description' | 'detailedDescription' | 'motivation' | 'decision'>;

export interface CleanedTexts {
  readonly texts: Texts;
  readonly extra: Readonly<Record<string, string>>;
  /** At least one text became worth a warning. */
  readonly warns: boolean;
}

/** The rich texts of a new item as they will be kept: cleaned, the absent ones as empty paragraphs, or with cleanHtml=false
 * as they came (contracts/ws4pm.md §4.3). Throws RELAIS_WS4PM_HTML for markup nested too deeply, or too much of it. */
export function cleanTexts(request: CreateItemRequest, extra: ReadonlyMap<string, string>, warnings: Ws4pmSettings['htmlWarnings']): CleanedTexts {
  let warns = false;
  let markup = 0;
  function kept(field: string, raw = ''): string {
    markup += occurrences(raw, '<') + occurrences(raw, '&');
    if (markup > MAX_MARKUP) {
      throw new RelaisError('RELAIS_WS4PM_HTML', `${field}: found more than ${MAX_MARKUP} of the characters < and & in the texts of one item, expected fewer.`);
    }
    if (!request.cleanHtml) return raw;
    const cleaned = cleanHtml(raw, warnings, field);
    warns ||= cleaned.warns;
    return cleaned.html;
  }
  const { description, detailedDescription, motivation, decision } = request.creationData;
  const texts = {
    description: kept('description', description),
    detailedDescription: kept('detailedDescription', detailedDescription),
    motivation: kept('motivation', motivation),
    decision: kept('decision', decision),
  };
  const keptExtra = Object.fromEntries([...extra].map(([key, value]) => [key, kept(key, value)]));
  return { texts, extra: keptExtra, warns };
}

function occurrences(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
