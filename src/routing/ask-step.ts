import type { Step } from '../domain/flow.js';
import { compileCondition } from './condition.js';

/** Whether a step is to be carried out, asked when it is its turn. Rejects in plain words when its condition cannot be
 * decided: a person must look, for neither sending nor skipping is known to be right. */
export async function askStep(step: Pick<Step, 'id' | 'when'>, view: unknown): Promise<boolean> {
  if (step.when === null) return true;
  try {
    return await compileCondition(step.when).ask(view);
  } catch (error) {
    throw new Error(`The condition of step «${step.id}» could not be decided: ${error instanceof Error ? error.message : 'the expression fails'}`, { cause: error });
  }
}
