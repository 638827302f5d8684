import type { FieldValue } from '../domain/mapping.js';
import type { ConnectorHealth, DeliveryOutcome } from './store.js';

/** Takes secrets out of a text. */
export type Hide = (text: string) => string;

/** An outcome and what it says of its connector, as they may be shown, mailed and written down for ever: the other side may
 * repeat in its words what it was given, a password among it. References stay as they are, for it is asked with them. */
export function hideSecrets(outcome: DeliveryOutcome, health: ConnectorHealth, hide: Hide): { readonly outcome: DeliveryOutcome; readonly health: ConnectorHealth } {
  return {
    outcome: { ...outcome, ...reasonOf(outcome, hide), ...broughtBackOf(outcome, hide) },
    health: { ...health, ...reasonOf(health, hide) },
  };
}

function reasonOf(told: DeliveryOutcome | ConnectorHealth, hide: Hide): { readonly reason?: string } {
  return 'reason' in told && told.reason !== null ? { reason: hide(told.reason) } : {};
}

/** Fields are shown, and the comment in the history of the item holds the reason, too. */
function broughtBackOf(outcome: DeliveryOutcome, hide: Hide): object {
  if (!('broughtBack' in outcome)) return {};
  const { fields, itemFields, reviewState } = outcome.broughtBack;
  return {
    broughtBack: {
      ...outcome.broughtBack,
      fields: hiddenInAll(fields, hide),
      ...(itemFields !== undefined && { itemFields: hiddenInAll(itemFields, hide) }),
      reviewState: reviewState === null ? null : { ...reviewState, comment: hide(reviewState.comment) },
    },
  };
}

function hiddenInAll(fields: Readonly<Record<string, FieldValue>>, hide: Hide): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, hiddenIn(value, hide)]));
}

function hiddenIn(value: FieldValue, hide: Hide): FieldValue {
  if (typeof value === 'string') return hide(value);
  return typeof value === 'object' && value !== null ? value.map(hide) : value;
}
