import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';

/** Stock states after which a meeting has nothing more to say on an item. */
export const FINAL_STATES: readonly string[] = [
  'accepted', 'accepted_but_modified', 'accepted_out_of_meeting', 'accepted_out_of_meeting_emergency', 'refused', 'delayed', 'postponed_next_meeting', 'removed',
  'marked_not_applicable', 'transfered',
];

const DOCUMENT = /^[^\s_](?:(?!__format__)\S)*__format__[a-z0-9]+$/;

export const restSettings = z.strictObject({
  url: httpAddress('an address such as https://ville-pm.imio.be, without user name, query and fragment').transform((text) => text.replace(/\/+$/, ''))
    .describe('Address of PloneMeeting, as people open it in a browser; it calls its own elements so.'),
  login: z.string().min(1).describe('Account of Relais in PloneMeeting: MeetingManager of every meeting config that it stands before.'),
  password: secret().describe('Password of that account.'),
  users: z.record(z.string().min(1), z.string()).default({}).describe('What PloneMeeting calls a user whom Relais calls otherwise. The account of Relais itself, or an empty text, means nobody.'),
  annexTypes: z.record(z.string().min(1), z.string().min(1)).default({}).describe('Id of the annex type over there, by that in Relais. Without one, PloneMeeting takes the first type that the user may choose.'),
  finalStates: z.array(z.string().min(1)).min(1).default([...FINAL_STATES]).describe('States after which the item is not followed any more.'),
  decisionDocument: z.string().regex(DOCUMENT, 'a template and a format such as deliberation__format__pdf').optional()
    .describe('Document that is made of the item and brought back when it is decided on: <template>__format__<format>.'),
  timeZone: z.string().min(1).default('Europe/Brussels').refine(isTimeZone, 'a time zone such as Europe/Brussels')
    .describe('Where the clocks show the times of meetings, which PloneMeeting tells without an offset.'),
  ...httpSettings,
});

export type RestSettings = z.infer<typeof restSettings>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
