import { actingFor } from './acting-for.js';
import { text } from './request-values.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { requireItem } from '../deliberation/find-item.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.9 and §5.1: whose rights, then the item, then the template, then the document. */
export function getItemTemplateOperation(context: DeliberationContext): SoapOperation {
  return {
    name: 'getItemTemplate',
    handle: async (request, call) => {
      const reading = actingFor(context, call, request, 'getItemTemplate');
      const read = await requireItem(context.backend, reading, text(request, 'itemUID'), 'itemUID');
      const document = await context.backend.makeDocument(read, text(request, 'templateId'));
      return { file: { stream: () => document } };
    },
  };
}
