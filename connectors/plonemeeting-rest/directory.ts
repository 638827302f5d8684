import { z } from 'zod';
import type { CouncilCategory, CouncilConfig, CouncilDirectory, CouncilMeeting, CouncilOrganisation } from '../../src/connector-api/deliberation.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { choice, meetingElement, named, type Choice, type MeetingElement } from './elements.js';
import type { RestSettings } from './config.js';
import { momentOf } from './moments.js';
import { searchRows } from './pages.js';
import type { Session } from './session.js';

const DAY_MS = 86_400_000;

/** Items still refer to meetings of a year ago. */
const PAST_MS = 400 * DAY_MS;

/** Meeting states in which people who are not managers propose nothing any more, where the config does not tell which accept items. */
const DECIDED = new Set(['decided', 'decisions_published', 'signed', 'closed', 'archived']);

const choices = z.array(choice).nullish().catch(null);
const included = z.array(named.extend({ enabled: z.boolean().nullish().catch(null) })).catch([]);
const configElement = z.object({
  UID: z.string().min(1), id: z.string().min(1), title: z.string().catch(''), description: z.union([z.string(), z.object({ data: z.string() }).transform(({ data }) => data)]).catch(''),
  usedItemAttributes: choices, itemPreferredMeetingStates: choices, extra_include_categories: included, extra_include_proposing_groups: included,
});
type ConfigElement = z.infer<typeof configElement>;

/** The configs with these ids, their meetings, and the organisations that may propose items in any of them. */
export async function readDirectory(session: Session, configIds: readonly string[], settings: RestSettings, now: number): Promise<CouncilDirectory> {
  const { version } = await session.server();
  const organisations = new Map<string, CouncilOrganisation>();
  const configs: CouncilConfig[] = [];
  for (const id of new Set(configIds)) {
    const element = await readConfig(session, id);
    if (element === null) continue;
    configs.push({ ...configOf(element), meetings: await readMeetings(session, element, settings, now) });
    for (const { UID: uid, id: short, title, description } of element.extra_include_proposing_groups) organisations.set(uid, { uid, id: short, title, description });
  }
  return { version, configs, organisations: [...organisations.values()] };
}

/** Null: there is no active one of that id. */
export async function readConfig({ api }: Session, id: string): Promise<ConfigElement | null> {
  const answered = await api.ask({
    path: '/@config',
    // Only `config_id`: its alias ends in a 500 there (contracts/plonemeeting-rest.md §9).
    query: { config_id: id, extra_include: ['categories', 'proposing_groups'], metadata_fields: ['description', 'usedItemAttributes', 'itemPreferredMeetingStates'] },
  });
  if ('rejected' in answered) {
    if (answered.rejected.status === 400 && answered.rejected.isJson) return null;
    throw await api.failure(answered.rejected);
  }
  if (isEmptyList(answered.body)) return null;
  const read = configElement.safeParse(answered.body);
  if (!read.success) throw new OutcomeUnknown(`${api.who} answered something else than a meeting config.`);
  return read.data;
}

function isEmptyList(body: unknown): boolean {
  return z.object({ items: z.array(z.unknown()).length(0) }).safeParse(body).success;
}

function configOf({ UID: uid, id, title, description, usedItemAttributes, extra_include_categories: categories }: ConfigElement): Omit<CouncilConfig, 'meetings'> {
  const usedAttributes = usedItemAttributes?.map(({ token }) => token) ?? null;
  const usesCategories = usedAttributes?.includes('category') ?? categories.length > 0;
  const enabled = categories.filter((category) => category.enabled !== false);
  // The field is looked at with the rights of the user for whom the item is made.
  return { id, uid, title, description, usedAttributes, categories: usesCategories ? enabled.map(categoryOf) : null, meetingChosenBy: 'creator' };
}

function categoryOf({ UID: uid, id, title, description }: z.infer<typeof named>): CouncilCategory {
  return { uid, id, title, description };
}

async function readMeetings({ api }: Session, { id, itemPreferredMeetingStates }: ConfigElement, { timeZone }: RestSettings, now: number): Promise<readonly CouncilMeeting[]> {
  const query = { config_id: id, metadata_fields: 'date', sort_on: 'meeting_date', sort_order: 'descending' };
  const accepting = await acceptingStates(api, query, itemPreferredMeetingStates);
  const meetings: CouncilMeeting[] = [];
  for await (const element of searchRows(api, meetingElement, { ...query, type: 'meeting' })) {
    const meeting = meetingOf(element, timeZone, accepting);
    if (meeting === null) continue;
    // The newest first: what follows is older still.
    if (meeting.date < now - PAST_MS) break;
    meetings.push(meeting);
  }
  return meetings.toSorted((one, other) => one.date - other.date);
}

/** Meeting states of which people may choose a meeting: as the config tells, else those of the meetings that accept items from the account, but the
 * decided ones, which are open to managers alone (contracts/plonemeeting-rest.md §8.9). */
async function acceptingStates(api: Session['api'], query: Readonly<Record<string, string>>, told: readonly Choice[] | null | undefined): Promise<ReadonlySet<string>> {
  if (told !== null && told !== undefined) return new Set(told.map(({ token }) => token));
  const states = new Set<string>();
  for await (const { review_state: state } of searchRows(api, meetingElement, { ...query, meetings_accepting_items: 'true' })) {
    const token = state?.token ?? '';
    if (!DECIDED.has(token)) states.add(token);
  }
  return states;
}

function meetingOf({ UID: uid, id, date: text, review_state: state }: MeetingElement, timeZone: string, accepting: ReadonlySet<string>): CouncilMeeting | null {
  const date = momentOf(text, timeZone);
  return date === null ? null : { uid, id, date, state: state?.token ?? '', acceptsItems: accepting.has(state?.token ?? '') };
}
