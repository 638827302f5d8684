import type { Submission } from '../connector-api/connector.js';
import type { Annex } from '../domain/item.js';

/** What the step maps; undefined where it maps nothing, so that the item itself says it. */
export function mappedText({ fields }: Pick<Submission, 'fields'>, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function mappedList({ fields }: Pick<Submission, 'fields'>, name: string): readonly string[] | undefined {
  const value = fields[name];
  return Array.isArray(value) ? value as readonly string[] : undefined;
}

/** The proposing group, by whatever name the step or the item gives it. */
export function askedGroup({ item, fields }: Pick<Submission, 'item' | 'fields'>): string {
  const { proposingGroup: mapped } = fields;
  return typeof mapped === 'string' && mapped !== '' ? mapped : item.proposingOrganisation;
}

/** Those of the step, or else those that the caller asked for. */
export function askedTransitions(submission: Pick<Submission, 'item' | 'fields'>): readonly string[] {
  return mappedList(submission, 'transitions') ?? submission.item.askedTransitions ?? [];
}

/** Files that came with the item. What its other steps brought back meanwhile is none of the item as it was asked for. */
export function givenAnnexes({ item }: Pick<Submission, 'item'>): readonly Annex[] {
  return item.annexes.filter(({ role }) => role === undefined);
}

/** True for an empty paragraph, which stands for no text here, and over there would ask for an attribute that the config need not use. */
export function isNoText(html: string): boolean {
  return /^\s*(?:<p>\s*<\/p>)?\s*$/.test(html);
}
