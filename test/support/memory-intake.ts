import type { NewItem } from '../../src/domain/item.js';
import type { Intake, Submission } from '../../src/intake/accept-item.js';
import type { TakenBefore } from '../../src/intake/store.js';

export interface MemoryIntake extends Intake {
  readonly submissions: Submission[];
  /** While set, every submission is refused with it. */
  failure: Error | null;
}

/** Keeps submissions in memory; short ids get a number when the creator has one like it in that config. Keys are taken for good. */
export function memoryIntake(): MemoryIntake {
  const taken = new Map<string, TakenBefore>();
  const intake: MemoryIntake = {
    submissions: [],
    failure: null,
    accept(submission) {
      if (intake.failure !== null) return Promise.reject(intake.failure);
      const like = intake.submissions.filter(({ item }) => isLike(item, submission.item)).length;
      intake.submissions.push(submission);
      return Promise.resolve({ id: like === 0 ? submission.item.baseId : `${submission.item.baseId}-${like}` });
    },
    async acceptOnce(submission, { keys, content }) {
      const { authority, uid, createdAt } = submission.item;
      const before = keys.flatMap((key) => taken.get(`${authority}/${key}`) ?? []);
      if (before.length > 0) return { taken: before };
      const kept = await intake.accept(submission);
      for (const key of keys) taken.set(`${authority}/${key}`, { key, uid, content, at: createdAt });
      return kept;
    },
  };
  return intake;
}

function isLike(one: NewItem, other: NewItem): boolean {
  return one.baseId === other.baseId && one.creator === other.creator && one.configId === other.configId;
}
