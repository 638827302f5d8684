import { z } from 'zod';
import { secret } from '../connector-api/secret.js';
import { isTimeZone } from '../domain/wall-clock.js';

/** Stock states after which a meeting has nothing more to say on an item. */
const FINAL_STATES: readonly string[] = [
  'accepted', 'accepted_but_modified', 'accepted_out_of_meeting', 'accepted_out_of_meeting_emergency', 'refused', 'delayed', 'postponed_next_meeting', 'removed',
  'marked_not_applicable', 'transfered',
];

const DOCUMENT = /^[^\s_](?:(?!__format__)\S)*__format__[a-z0-9]+$/;

/** What a connector to PloneMeeting has to be told beside its address, whichever of its interfaces it speaks. */
export const ploneMeetingSettings = {
  login: z.string().min(1).regex(/^[^:]+$/, 'a login without «:»').describe('Account of Relais in PloneMeeting: MeetingManager of every meeting config that it stands before.'),
  password: secret().describe('Password of that account.'),
  users: z.record(z.string().min(1), z.string()).default({}).describe('What PloneMeeting calls a user whom Relais calls otherwise. The account of Relais itself, or an empty text, means nobody.'),
  annexTypes: z.record(z.string().min(1), z.string().min(1)).default({}).describe('Id of the annex type over there, by that in Relais. Without one, PloneMeeting takes the first type that fits.'),
  finalStates: z.array(z.string().min(1)).min(1).default([...FINAL_STATES]).describe('States after which the item is not followed any more.'),
  decisionDocument: z.string().regex(DOCUMENT, 'a template and a format such as deliberation__format__pdf').optional()
    .describe('Document that is made of the item and brought back when it is decided on: <template>__format__<format>.'),
  timeZone: z.string().min(1).refine(isTimeZone, 'a time zone such as Europe/Brussels').default('Europe/Brussels')
    .describe('Where the clocks show the times that PloneMeeting tells.'),
};

type PloneMeetingSettings = z.infer<z.ZodObject<typeof ploneMeetingSettings>>;

/** What PloneMeeting calls a user of Relais; null for nobody: the account itself acts, and no name is given (contracts/wsclient.md §7.2). */
export function nameThere(user: string | null, { users, login }: Pick<PloneMeetingSettings, 'users' | 'login'>): string | null {
  if (user === null) return null;
  const name = (Object.hasOwn(users, user) ? users[user] : user)?.trim() ?? '';
  return name === '' || name === login ? null : name;
}

/** Undefined where PloneMeeting is to choose. */
export function annexTypeThere(typeId: string, { annexTypes }: Pick<PloneMeetingSettings, 'annexTypes'>): string | undefined {
  return Object.hasOwn(annexTypes, typeId) ? annexTypes[typeId] : undefined;
}
