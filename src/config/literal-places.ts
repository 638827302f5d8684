import type { Path } from './yaml-file.js';

const STEPS: readonly unknown[] = ['steps', 'onRejection'];

/** Places of an authority where `${` is part of the text: expressions are JSONata, which has a `${` of its own, and what
 * is sent to others holds no secret. */
export function isLiteral(path: Path): boolean {
  if (path[0] === 'tables') return true;
  if (path[0] === 'meetingConfigs') return path[2] === 'backend' && path[3] === 'fields';
  if (path[0] !== 'flows') return false;
  if (STEPS.includes(path[2])) return path[4] === 'when' || path[4] === 'fields';
  return path[2] === 'when' && path[3] === 'condition';
}
