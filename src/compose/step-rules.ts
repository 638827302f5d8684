import type { StepRules } from '../delivery/prepare.js';
import { askStep } from '../routing/ask-step.js';
import { viewOfItem } from '../routing/item-view.js';
import { mapFields } from '../routing/map-fields.js';

/** What the engine needs of routing. Tables are those of the configuration in force, so that a row that is added helps
 * what is under way. */
export const stepRules: StepRules = {
  viewOf: ({ item, results }, authority) => viewOfItem(item, authority, results),
  applies: (step, view) => askStep(step, view),
  mapFields: ({ item, step }, view, authority, targetFields) =>
    mapFields(step.fields, view, { tables: authority.tables, source: item.source, connector: step.connector, targetFields }),
};
