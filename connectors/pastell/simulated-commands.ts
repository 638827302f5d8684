import { stateOf, type SimulatedDocument } from './simulated-document.js';
import { MISHAPS, TROUBLES, type Mishap, type Trouble } from './simulated-mishaps.js';
import { actOn, actOnState, DEEDS, type Deed } from './simulated-people.js';
import { PastellRefusal } from './simulated-reply.js';
import { titleOf, typeNamed, type PastellWorld } from './simulated-world.js';

/** What the terminal of a simulated Pastell shows of its commands. */
export const PASTELL_COMMANDS: readonly string[] = [
  'documents', 'sign <id>', 'refuse <id> <reason>', 'accept <id> [acknowledged | refused | informed]', 'reject <id> <reason>', 'partial <id> [reason]', 'confirm <id>: with a certificate',
  'read <id>: the secure mail', 'letter <id> <simple | pieces | observations | court> [words]', 'cancelled <id>', 'return: a PES_Retour comes', 'reclassify', 'refresh: Pastell fetches the classification',
  'busy <id> [requests]', 'later <id> [checks]', 'lock <id>', 'unlock <id>', 'fatal <id>', 'next-id <id>: of the next document',
  `mishap <${MISHAPS.join(' | ')}> [part of a request] [times]`, `trouble <${TROUBLES.join(' | ')}>: from now on, until it is typed again`, 'calm: nothing goes wrong any more',
];

/** Carries out what somebody typed, and answers in lines; undefined for what it does not know. A document is named by its id, the beginning of it,
 * the number of its act or a part of its title. Throws PastellRefusal. */
export async function runPastellCommand(typed: string, world: PastellWorld): Promise<readonly string[] | undefined> {
  const [word = '', given = '', ...more] = typed.trim().split(/\s+/);
  if (word === 'documents') return [...world.ledger.documents.values()].map((document) => lineOf(document, world));
  const arranged = arrange(word, given, more, world);
  if (arranged !== undefined) return arranged;
  if (given === '') {
    const done = await world.ledger.inTurn(() => actOnState(word, world));
    return done === undefined ? undefined : [done];
  }
  const deed = DEEDS.find((one) => one === word);
  return deed === undefined ? undefined : [await actOnNamed(given, deed, more.join(' '), world)];
}

async function actOnNamed(given: string, deed: Deed, words: string, world: PastellWorld): Promise<string> {
  return world.ledger.inTurn(async () => {
    const document = documentNamed(given, world);
    await actOn(document, deed, words, world);
    return lineOf(document, world);
  });
}

function lineOf(document: SimulatedDocument, world: PastellWorld): string {
  return `${document.id}  ${document.type}  ${stateOf(document).action}  ${titleOf(document, typeNamed(document.type, world))}`;
}

/** Throws PastellRefusal where it is none, or one of several. */
export function documentNamed(given: string, { ledger, types }: PastellWorld): SimulatedDocument {
  const exact = ledger.documents.get(given);
  if (exact !== undefined) return exact;
  const [found, other] = [...ledger.documents.values()].filter((document) => {
    const type = types.get(document.type);
    return document.id.startsWith(given) || document.values['numero_de_lacte'] === given || (type !== undefined && titleOf(document, type).includes(given));
  });
  if (found === undefined) throw new PastellRefusal(404, `Aucun document ne s'appelle ${given}.`);
  if (other !== undefined) throw new PastellRefusal(400, `Plusieurs documents s'appellent ${given}.`);
  return found;
}

function arrange(word: string, given: string, more: readonly string[], { mishaps, nextIds }: PastellWorld): readonly string[] | undefined {
  if (word === 'calm') {
    mishaps.end();
    return ['Nothing goes wrong any more'];
  }
  if (word === 'next-id' && given !== '') {
    nextIds.push(given);
    return [`The next document is called ${given}`];
  }
  const mishap = MISHAPS.find((one): one is Mishap => one === given);
  if (word === 'mishap' && mishap !== undefined) {
    const times = Number(more.at(-1));
    const parts = Number.isInteger(times) ? more.slice(0, -1) : more;
    mishaps.arrange(mishap, new RegExp(parts.join(' ').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')), Number.isInteger(times) ? times : 1);
    return [`${mishap}: with the next request${parts.length === 0 ? '' : ` that holds «${parts.join(' ')}»`}`];
  }
  const trouble = TROUBLES.find((one): one is Trouble => one === given);
  return word === 'trouble' && trouble !== undefined ? [`${trouble}: ${mishaps.toggle(trouble) ? 'from now on' : 'no longer'}`] : undefined;
}
