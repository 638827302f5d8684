import type { Submission } from '../../src/connector-api/connector.js';
import { itemFields } from '../../src/plonemeeting/fields.js';

/** Any other field is an `extraAttr` of the schema over there. */
export const OWN_FIELDS: ReadonlySet<string> = new Set(Object.keys(itemFields));

/** True unless the step says otherwise. */
export function leavesOutUnused({ fields }: Submission): boolean {
  return fields['ignoreNotUsedData'] !== false;
}
