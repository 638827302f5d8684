import { actingFor } from './acting-for.js';
import { text } from './request-values.js';
import { wireDate } from './wire-date.js';
import type { DeliberationContext } from '../deliberation/context.js';
import { requireConfig } from '../deliberation/find-config.js';
import { meetingsAcceptingItems } from '../deliberation/meetings.js';
import type { SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.10. */
export function meetingsAcceptingItemsOperation(context: DeliberationContext): SoapOperation {
  const { authority } = context;
  return {
    name: 'meetingsAcceptingItems',
    handle: (request, call) => {
      const { reader } = actingFor(context, call, request, 'meetingsAcceptingItems');
      const config = requireConfig(authority, text(request, 'meetingConfigId'));
      return {
        meetingInfo: meetingsAcceptingItems(authority, config, reader)
          .map((meeting) => ({ UID: meeting.uid, date: wireDate(authority.ws4pm, meeting.date) })),
      };
    },
  };
}
