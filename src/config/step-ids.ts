/** `return`: a step that is carried out when another one was rejected. */
export type StepRole = 'step' | 'return';

/** Ids of the steps of a list: those that are declared, `2-archive` or `return-1-archive` for the others. */
export function idsOfSteps(steps: readonly { readonly id?: string | undefined; readonly connector: string }[], role: StepRole): string[] {
  return steps.map(({ id, connector }, index) => id ?? `${role === 'return' ? 'return-' : ''}${index + 1}-${connector}`);
}
