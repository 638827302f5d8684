import { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { jsonBody, readAs, type PloneApi } from './api.js';
import type { Content } from './content.js';

const workflow = z.object({ transitions: z.array(z.object({ '@id': z.string() })).default([]) });

/** Triggers a workflow transition where the object offers it now. Where it does not, an earlier attempt may have done so, or somebody over
 * there: that is said in the log. */
export async function trigger(api: PloneApi, content: Content, transition: string | undefined, { logger }: Pick<ConnectorContext, 'logger'>): Promise<void> {
  if (transition === undefined) return;
  const { at } = content;
  if (!await isAwaited(api, content, transition)) {
    logger.warn('The object over there does not offer this transition now', { at, transition });
    return;
  }
  await api.ask({ method: 'POST', at, service: `/@workflow/${encodeURIComponent(transition)}`, body: jsonBody({}) });
}

/** Whether an object offers a transition now; false where none is wanted. */
export async function isAwaited(api: PloneApi, { at }: Content, transition: string | undefined): Promise<boolean> {
  if (transition === undefined) return false;
  const { transitions } = readAs(workflow, await api.ask({ method: 'GET', at, service: '/@workflow' }), 'a workflow');
  return transitions.some((one) => one['@id'].endsWith(`/${transition}`));
}
