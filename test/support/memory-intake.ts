import type { NewItem } from '../../src/domain/item.js';
import type { Intake, Submission } from '../../src/intake/accept-item.js';

export interface MemoryIntake extends Intake {
  readonly submissions: Submission[];
  /** While set, every submission is refused with it. */
  failure: Error | null;
}

/** Keeps submissions in memory; short ids get a number when the creator has one like it in that config. */
export function memoryIntake(): MemoryIntake {
  const intake: MemoryIntake = {
    submissions: [],
    failure: null,
    accept(submission) {
      if (intake.failure !== null) return Promise.reject(intake.failure);
      const like = intake.submissions.filter(({ item }) => isLike(item, submission.item)).length;
      intake.submissions.push(submission);
      return Promise.resolve({ id: like === 0 ? submission.item.baseId : `${submission.item.baseId}-${like}` });
    },
  };
  return intake;
}

function isLike(one: NewItem, other: NewItem): boolean {
  return one.baseId === other.baseId && one.creator === other.creator && one.configId === other.configId;
}
