import { createHash } from 'node:crypto';
import type { ItemNews } from '../../src/connector-api/connector.js';
import type { ItemElement } from './elements.js';
import { preferredOf } from './read-item.js';

const TEXTS = ['title', 'description', 'detailedDescription', 'motivation', 'decision'] as const;

type Told = Readonly<Record<string, string>>;

/** Hashes of what PloneMeeting tells of the texts and choices of an item; what it does not tell is absent. */
export function toldOf(element: ItemElement): Told {
  const texts = TEXTS.flatMap((name) => (element[name] === undefined ? [] : [[name, element[name]] as const]));
  const { category } = element;
  return Object.fromEntries([
    ...texts, ...(category === undefined ? [] : [['category', category?.token ?? ''] as const]),
    ...(element.preferredMeeting === undefined ? [] : [['preferredMeeting', preferredOf(element) ?? ''] as const]),
  ].map(([name, value]) => [name, createHash('sha256').update(value).digest('base64url').slice(0, 22)]));
}

/** What changed there since `before` was told. PloneMeeting tells texts otherwise than it keeps them (images as data, names blanked out:
 * contracts/plonemeeting-rest.md §4.3), so that one that nobody changed there never takes the place of ours. */
export function changedTexts(element: ItemElement, before: Told, now: Told): ItemNews {
  const isChanged = (name: string): boolean => before[name] !== undefined && now[name] !== undefined && before[name] !== now[name];
  const texts = TEXTS.filter(isChanged).map((name) => [name, element[name] ?? '']);
  return {
    ...Object.fromEntries(texts) as ItemNews,
    ...(isChanged('category') && { category: element.category?.token ?? null }),
    ...(isChanged('preferredMeeting') && { preferredMeeting: preferredOf(element) }),
  };
}
