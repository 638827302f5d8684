import type { TargetField } from '../domain/mapping.js';

/** What a step may say beside what the item is, whichever interface carries it. */
export const itemFields = {
  proposingGroup: { type: 'text', title: { fr: 'Groupe proposant : identifiant, UID ou chemin là-bas', en: 'Proposing group: id, UID or path over there' } },
  category: { type: 'text', title: { fr: 'Catégorie', en: 'Category' } },
  preferredMeeting: { type: 'text', title: { fr: 'UID de la séance souhaitée', en: 'UID of the preferred meeting' } },
  associatedGroups: { type: 'list', title: { fr: 'Groupes associés', en: 'Associated groups' } },
  groupsInCharge: { type: 'list', title: { fr: 'Groupes en charge', en: 'Groups in charge' } },
  optionalAdvisers: { type: 'list', title: { fr: 'Avis demandés', en: 'Advisers asked' } },
  transitions: { type: 'list', title: { fr: 'Transitions du point, dans leur ordre', en: 'Transitions of the item, in order' } },
  ignoreNotUsedData: { type: 'boolean', title: { fr: 'Laisser tomber ce que la configuration n\'utilise pas', en: 'Drop what the meeting config does not use' } },
} as const satisfies Readonly<Record<string, TargetField>>;
