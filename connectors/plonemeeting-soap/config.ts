import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';

/** Stock states after which a meeting has nothing more to say on an item. */
export const FINAL_STATES: readonly string[] = [
  'accepted', 'accepted_but_modified', 'accepted_out_of_meeting', 'accepted_out_of_meeting_emergency', 'refused', 'delayed', 'postponed_next_meeting', 'removed',
  'marked_not_applicable', 'transfered',
];

const DOCUMENT = /^[^\s_](?:(?!__format__)\S)*__format__[a-z0-9]+$/;

export const councilSoapSettings = z.strictObject({
  url: httpAddress('an address such as https://pm.ville.example/ws4pm.wsdl, without user name, query and fragment')
    .describe('Address of the WSDL of PloneMeeting, ending in /ws4pm.wsdl; calls go to the site itself.'),
  login: z.string().min(1).regex(/^[^:]+$/, 'a login without «:»').describe('Account of Relais in PloneMeeting: MeetingManager of every meeting config that it stands before.'),
  password: secret().describe('Password of that account.'),
  users: z.record(z.string().min(1), z.string()).default({}).describe('What PloneMeeting calls a user whom Relais calls otherwise. The account of Relais itself, or an empty text, means nobody.'),
  annexTypes: z.record(z.string().min(1), z.string().min(1)).default({}).describe('Short id of the annex type over there, by that in Relais. Without one, PloneMeeting takes the first type of the config.'),
  finalStates: z.array(z.string().min(1)).min(1).default([...FINAL_STATES]).describe('States after which the item is not followed any more.'),
  decisionDocument: z.string().regex(DOCUMENT, 'a template and a format such as deliberation__format__pdf').optional()
    .describe('Document that is made of the item and brought back when it is decided on: <template>__format__<format>.'),
  timeZone: z.string().min(1).refine(isTimeZone, 'a time zone such as Europe/Brussels').default('Europe/Brussels')
    .describe('Where the clocks show the times that PloneMeeting tells.'),
  dates: z.enum(['wall', 'utc']).default('wall')
    .describe('What the Z at the end of a time means: nothing, it is the time on the wall (wall, as PloneMeeting writes it), or true UTC (utc).'),
  ...httpSettings,
});

export type CouncilSoapSettings = z.infer<typeof councilSoapSettings>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Where calls go: the site, not the WSDL (contracts/ws4pm.md §1.1). */
export function endpointOf({ url }: Pick<CouncilSoapSettings, 'url'>): string {
  return url.replace(/\/(?:@@)?ws4pm\.wsdl$/, '').replace(/\/+$/, '');
}

/** What PloneMeeting calls a user of Relais; undefined for nobody: the account itself acts, and `inTheNameOf` is left out
 * (contracts/wsclient.md §7.2). */
export function actingUser({ users, login }: Pick<CouncilSoapSettings, 'users' | 'login'>, user: string | null): string | undefined {
  if (user === null) return undefined;
  const named = (Object.hasOwn(users, user) ? users[user] : user)?.trim() ?? '';
  return named === '' || named === login ? undefined : named;
}
