import type { Gathering } from '../connector-api/connector.js';

/** Which of those that wait leave now: the first ones in their order, as many as a load may count and weigh. Each fits by
 * itself, so some always leave. The others wait for the next one; nobody overtakes anybody. */
export function chooseLoad<Waiting extends { readonly weight: number }>(waiting: readonly Waiting[], limits: Gathering['limits']): { readonly load: readonly Waiting[]; readonly rest: readonly Waiting[] } {
  let weight = 0;
  let count = 0;
  for (const one of waiting) {
    if (count >= limits.count || weight + one.weight > limits.weight) break;
    weight += one.weight;
    count += 1;
  }
  return { load: waiting.slice(0, count), rest: waiting.slice(count) };
}
