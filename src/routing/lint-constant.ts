import type { FieldValue, TargetField } from '../domain/mapping.js';
import { fitValue } from './fit-value.js';
import type { MappingMistake } from './mapping-mistake.js';

/** A constant that the field does not take, or that it cuts. */
export function lintConstant(value: FieldValue, at: readonly string[], target: TargetField): MappingMistake[] {
  const fitted = fitValue(value, target);
  if ('problem' in fitted) {
    const message = fitted.problem.startsWith('found ') ? fitted.problem : 'found nothing, but the field is required';
    return [{ kind: 'value', severity: 'error', at, message }];
  }
  return fitted.cut === undefined ? [] : [{ kind: 'loss', severity: 'warning', at, message: `found a value that is too long: ${fitted.cut}` }];
}
