import type { CreateItemRequest } from './create-item-request.js';
import type { Ws4pmSettings } from '../../domain/authority.js';
import type { Item } from '../../domain/item.js';
import { cleanHtml } from '../html/clean-html.js';

type Texts = Pick<Item, 'description' | 'detailedDescription' | 'motivation' | 'decision'>;

export interface CleanedTexts {
  readonly texts: Texts;
  readonly extra: Readonly<Record<string, string>>;
  /** At least one text became worth a warning. */
  readonly warns: boolean;
}

/** The rich texts of a new item as they will be kept: cleaned, the absent ones as empty paragraphs, or with cleanHtml=false
 * as they came (contracts/ws4pm.md §4.3). Throws RELAIS_WS4PM_HTML. */
export function cleanTexts(request: CreateItemRequest, extra: ReadonlyMap<string, string>, warnings: Ws4pmSettings['htmlWarnings']): CleanedTexts {
  let warns = false;
  function kept(field: string, raw = ''): string {
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
