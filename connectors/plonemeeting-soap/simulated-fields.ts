import type { DeskItem } from '../../src/council-desk/desk-item.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { childOf, textOf, type SoapElement } from '../../src/signature-desk/soap-element.js';

/** What a request said beyond what the item is, by what the operation calls it. Whether unused data may be left out is never said over
 * there; a field that came empty is told as null. */
export function fieldsAsked(request: SoapElement, { item }: { readonly item: DeskItem }): Readonly<Record<string, FieldValue>> {
  const data = childOf(request, 'creationData');
  const listed = (parent: SoapElement | undefined, name: string): readonly string[] => (parent?.children ?? []).filter((child) => child.name === name).map(({ text }) => text);
  const extra = (data?.children ?? []).filter(({ name }) => name === 'extraAttrs').map((pair) => [textOf(pair, 'key'), textOf(pair, 'value')]);
  return {
    proposingGroup: textOf(request, 'proposingGroupId'), category: item.category, preferredMeeting: item.preferredMeeting,
    associatedGroups: listed(data, 'associatedGroups'), groupsInCharge: listed(data, 'groupsInCharge'), optionalAdvisers: listed(data, 'optionalAdvisers'),
    transitions: listed(request, 'wfTransitions'), ignoreNotUsedData: null, ...Object.fromEntries(extra) as Readonly<Record<string, string>>,
  };
}
