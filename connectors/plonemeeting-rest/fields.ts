import type { TargetField } from '../../src/domain/mapping.js';
import { itemFields } from '../../src/plonemeeting/fields.js';

/** What a step may say of the item beside what it is; any other field of PloneMeeting may be mapped by its name. */
export const createFields: Readonly<Record<string, TargetField>> = {
  ...itemFields,
  ignoreValidationFor: { type: 'list', title: { fr: 'Champs que PloneMeeting ne vérifie pas', en: 'Fields that PloneMeeting does not validate' } },
};
