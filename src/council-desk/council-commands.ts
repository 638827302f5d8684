import type { CouncilDesk } from './council-desk.js';
import { CouncilRefusal } from './council-refusal.js';
import type { DeskItem } from './desk-item.js';
import { VERDICTS, type Verdict } from './people-acts.js';

/** What the terminal of the simulated PloneMeeting shows of its commands. An item is named by its UID or its external identifier. */
export const COUNCIL_COMMANDS: readonly string[] = [
  'points: the items, with their state',
  'meetings: the meetings, with their state',
  'step <item> <transition> [words]: propose, validate, backToProposed …',
  'present <item> [meeting]: all the way into a meeting',
  'accept <item> [text] | modify <item> [text] | refuse <item> [reason] | delay <item> [reason]: the meeting decides',
  'write <item> <text>: the text of the decision',
  'delete <item> | move <item>',
  'meeting <uid> <state>: created, frozen, decided, closed',
];

/** Carries out what somebody typed, and answers in lines; undefined for what is no command of the desk. Throws CouncilRefusal. */
export async function runCouncilCommand(typed: string, desk: CouncilDesk): Promise<readonly string[] | undefined> {
  const [word = '', given = '', ...more] = typed.trim().split(/\s+/);
  if (word === 'points') return desk.items().map(lineOf);
  if (word === 'meetings') return desk.town().meetingConfigs.flatMap(({ id, meetings }) => meetings.map(({ uid, date, state }) => `${uid}  ${id}  ${new Date(date).toISOString()}  ${state}`));
  if (given === '') return undefined;
  if (word === 'meeting') return await meetingLines(given, more[0] ?? '', desk);
  return await runOnItem(word, given, more, desk);
}

async function meetingLines(uid: string, state: string, { people }: CouncilDesk): Promise<readonly string[] | undefined> {
  if (state === '') return undefined;
  await people.setMeetingState(uid, state);
  return [`${uid}: ${state}`];
}

async function runOnItem(word: string, given: string, more: readonly string[], desk: CouncilDesk): Promise<readonly string[] | undefined> {
  const verdict = verdictNamed(word);
  const act = verdict === undefined ? ACTS[word] : (item: string) => desk.people.decide(item, verdict, decisionOf(verdict, more.join(' ')));
  if (act === undefined) return undefined;
  const { uid } = findItem(given, desk);
  const item = await act(uid, more, desk);
  return [item === undefined ? `${uid}: deleted` : lineOf(item)];
}

const ACTS: Readonly<Partial<Record<string, (uid: string, more: readonly string[], desk: CouncilDesk) => Promise<DeskItem | undefined>>>> = {
  step: (uid, [transition = '', ...words], { people }) => people.step(uid, transition, words.join(' ')),
  present: (uid, [meeting], { people }) => people.present(uid, meeting),
  write: (uid, words, { people }) => people.write(uid, paragraph(words.join(' '))),
  move: (uid, _more, { people }) => people.move(uid),
  delete: async (uid, _more, { people }) => {
    await people.remove(uid);
    return undefined;
  },
};

/** The verdict that somebody typed; undefined: it is another word. */
export function verdictNamed(word: string): Verdict | undefined {
  return Object.keys(VERDICTS).find((one): one is Verdict => one === word);
}

/** Words with a verdict are the text of the decision, and where nothing was decided also why. */
export function decisionOf(verdict: Verdict, words: string): { readonly text?: string; readonly comment?: string } {
  if (words === '') return {};
  return { text: paragraph(words), ...(verdict === 'refuse' || verdict === 'delay') && { comment: words } };
}

/** What people type is a text, and the decision is HTML. */
export function paragraph(words: string): string {
  if (words === '' || words.startsWith('<')) return words;
  return `<p>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`;
}

function findItem(given: string, desk: CouncilDesk): DeskItem {
  const found = desk.find(given) ?? desk.items().findLast(({ externalIdentifier }) => externalIdentifier === given);
  if (found === undefined) throw new CouncilRefusal('unknown-item', `Aucun point ${given}.`);
  return found;
}

function lineOf({ uid, state, title, externalIdentifier }: DeskItem): string {
  return `${uid}  ${state}  ${externalIdentifier}  ${title}`;
}
