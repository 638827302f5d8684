import type { Submission } from '../../src/connector-api/connector.js';
import type { TargetField } from '../../src/domain/mapping.js';

/** What a step may say beside what the item is; any other field is an `extraAttr` of the schema over there. */
export const createItemFields = {
  proposingGroup: { type: 'text', title: { fr: 'Organisation proposante (id ou UID dans PloneMeeting)', en: 'Proposing organisation (its id or UID in PloneMeeting)' } },
  category: { type: 'text', title: { fr: 'Catégorie', en: 'Category' } },
  preferredMeeting: { type: 'text', title: { fr: 'UID de la séance souhaitée', en: 'UID of the preferred meeting' } },
  associatedGroups: { type: 'list', title: { fr: 'Groupes associés', en: 'Associated groups' } },
  groupsInCharge: { type: 'list', title: { fr: 'Groupes en charge', en: 'Groups in charge' } },
  optionalAdvisers: { type: 'list', title: { fr: 'Avis demandés', en: 'Advisers asked' } },
  transitions: { type: 'list', title: { fr: 'Transitions à exécuter après la création', en: 'Transitions to run after the creation' } },
  ignoreNotUsedData: { type: 'boolean', title: { fr: 'Laisser de côté ce que la configuration n’utilise pas', en: 'Leave out what the meeting config does not use' } },
} as const satisfies Readonly<Record<string, TargetField>>;

export const OWN_FIELDS: ReadonlySet<string> = new Set(Object.keys(createItemFields));

/** Those of the step, or else those that the caller asked for. */
export function transitionsOf(submission: Submission): readonly string[] {
  return mappedList(submission, 'transitions') ?? submission.item.askedTransitions ?? [];
}

/** What the step maps; undefined where it maps nothing, so that the item itself says it. */
export function mappedText({ fields }: Submission, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function mappedList({ fields }: Submission, name: string): readonly string[] | undefined {
  const value = fields[name];
  return Array.isArray(value) ? value as readonly string[] : undefined;
}

/** True unless the step says otherwise. */
export function leavesOutUnused({ fields }: Submission): boolean {
  return fields['ignoreNotUsedData'] !== false;
}
