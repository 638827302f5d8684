import { actionNamed } from './action-named.js';
import { statusOf } from './circuit.js';
import { DeskRefusal } from './desk-folder.js';
import type { Desk } from './desk.js';

/** What the terminal of a simulated signature book shows of its commands. */
export const DESK_COMMANDS: readonly string[] = [
  'folders', 'read <id>', 'visa <id> [annotation]', 'sign <id> [annotation]', 'sign-other <id>', 'paper-sign <id>', 'seal <id>', 'send-mail <id>', 'finish <id>',
  'refuse <id> <reason>', 'delay <id> <YYYY-MM-DD>', 'recall <id>', 'recycle <id>', 'mark <id> <status>', 'delete <id>', 'remove-type <type>',
];

/** Carries out what somebody typed, and answers in lines; undefined for what is no command of the desk. An id may be cut short
 * where it is that of one folder alone. Throws DeskRefusal. */
export async function runDeskCommand(typed: string, desk: Desk): Promise<readonly string[] | undefined> {
  const [word = '', given = '', ...more] = typed.trim().split(/\s+/);
  if (word === 'folders') return desk.list().map((folder) => `${folder.id}  ${statusOf(folder)}  ${folder.title}`);
  if (word === 'remove-type') {
    const type = [given, ...more].join(' ');
    desk.removeType(type);
    return [`No longer a type: ${type}`];
  }
  if (given === '') return undefined;
  const id = idOf(given, desk);
  const action = actionNamed(word, more.join(' '));
  if (action !== undefined) return [`${id}: ${statusOf(await desk.act(id, action))}`];
  switch (word) {
    case 'finish': return [`${id}: ${statusOf(await desk.finish(id))}`];
    case 'recall': return [`${id}: ${statusOf(await desk.recall(id))}`];
    case 'delete':
      await desk.remove(id);
      return [`${id}: deleted`];
    default: return undefined;
  }
}

function idOf(given: string, desk: Desk): string {
  const [found, other] = desk.list().filter(({ id }) => id.startsWith(given));
  if (found !== undefined && other !== undefined && desk.find(given) === undefined) throw new DeskRefusal('unknown-folder', `Plusieurs dossiers commencent par ${given}.`);
  return found === undefined || other !== undefined ? given : found.id;
}
