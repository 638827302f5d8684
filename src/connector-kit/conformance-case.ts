import type { Skips } from './rehearsal.js';
import type { Stage, Subject } from './stage.js';

/** A promise of the connector contract, and how it is proved. */
export interface ConformanceCase {
  readonly name: string;
  /** What it takes; skipped, with the reason of the rehearsal, where that is impossible. */
  readonly needs?: readonly (keyof Skips)[];
  /** Why this connector does not promise it; null where it does. Absent: everyone does. */
  readonly unpromised?: (subject: Subject) => string | null;
  run(stage: Stage): Promise<void>;
}

/** For cases of operations whose repeats the other side recognises. */
export function unlessRecognised({ connector, rehearsal: { operation } }: Subject): string | null {
  return connector.manifest.operations[operation]?.idempotence === 'none' ? 'the other side does not recognise a repeat: idempotence is «none»' : null;
}

/** For cases of operations whose repeats the other side does not recognise. */
export function unlessUnrecognised({ connector, rehearsal: { operation } }: Subject): string | null {
  const idempotence = connector.manifest.operations[operation]?.idempotence;
  return idempotence === 'none' ? null : `the other side recognises a repeat: idempotence is «${idempotence ?? ''}»`;
}

/** For cases of operations whose answer comes later. */
export function unlessAnswered({ connector, rehearsal: { operation } }: Subject): string | null {
  return connector.manifest.operations[operation]?.answersLater === true ? null : 'the operation is done when it was handed over';
}
