import type { DeliveryFilter, DeliveryOperations } from '../delivery/operations.js';

const PAGE = 500;

/** Has the engine ask now about what was sent, in place of waiting for the next question. Returns about how many; what shares a
 * reference with one that is meant, as the documents of one signing session do, is asked about with it. */
export async function askAtOnce(operations: DeliveryOperations, authority: string, filter: DeliveryFilter): Promise<number> {
  const references = new Map<string, Set<string>>();
  let afterId: string | undefined;
  for (;;) {
    const page = await operations.list(authority, filter, { limit: PAGE, ...(afterId === undefined ? {} : { afterId }) });
    for (const { connector, remoteReference } of page) {
      if (remoteReference === null) continue;
      references.set(connector, (references.get(connector) ?? new Set()).add(remoteReference));
    }
    afterId = page.at(-1)?.id;
    if (afterId === undefined) break;
  }
  let asked = 0;
  for (const [connector, found] of references) asked += await operations.askNow(authority, connector, [...found]);
  return asked;
}
