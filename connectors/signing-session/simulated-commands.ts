import { CALLING, type Calling, type SimulatedCalls } from './simulated-calls.js';
import type { SimulatedSession } from './simulated-session.js';
import type { Mishaps, SimulatedSessions } from './simulated-sessions.js';

/** What can be typed to act as the people and as the gateway; all but `calls` are about the last session. */
export const USAGE: readonly string[] = [
  'sessions: what is there', 'sign <email>', 'refuse <email> <reason>', 'slow / create: sessions are made only when told to', 'fail <reason>: the session is not created',
  'upload-fails / upload: signed files do not come back until told to', `calls ${CALLING.join('|')}: how calls back arrive`, 'release: the calls that were held, the last one first',
];

/** Carries out what somebody typed, and answers in lines; undefined for what it does not know. Throws for what cannot be done now. */
export async function carryOut(typed: string, sessions: SimulatedSessions, calls: SimulatedCalls): Promise<readonly string[] | undefined> {
  const [word = '', first = '', ...rest] = typed.trim().split(/\s+/);
  const last = (): SimulatedSession => sessions.all().at(-1) ?? raise('There is no session yet.');
  switch (word) {
    case 'sessions': return sessions.all().map(({ id, name, state, users, signed }) => `${id} ${state} «${name}», signed by ${signed.length} of ${users.join(', ')}`);
    case 'sign': await sessions.sign(last(), first); break;
    case 'refuse': await sessions.refuse(last(), first, rest.join(' ')); break;
    case 'fail': await sessions.fail(last(), [first, ...rest].join(' ')); break;
    case 'calls': calls.how = callingOf(first); break;
    case 'release': calls.release(); break;
    default: if (!await change(word, sessions.mishaps, sessions, last)) return undefined;
  }
  return sessions.all().slice(-1).map(({ id, state }) => `${id}: ${state}`);
}

/** Mishaps, and their end; false for another word. */
async function change(word: string, mishaps: Mishaps, sessions: SimulatedSessions, last: () => SimulatedSession): Promise<boolean> {
  switch (word) {
    case 'slow': mishaps.slow = true; return true;
    case 'create': mishaps.slow = false; await sessions.open(last()); return true;
    case 'upload-fails': mishaps.uploadFails = true; return true;
    case 'upload': mishaps.uploadFails = false; await sessions.complete(last()); return true;
    default: return false;
  }
}

function callingOf(word: string): Calling {
  return CALLING.find((how) => how === word) ?? raise(`found calls ${word}, expected one of ${CALLING.join(', ')}`);
}

function raise(message: string): never {
  throw new Error(message);
}
