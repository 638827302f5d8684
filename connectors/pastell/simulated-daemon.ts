import { stateOf, type SimulatedDocument } from './simulated-document.js';
import { possibleActions } from './simulated-rules.js';
import { PastellRefusal } from './simulated-reply.js';
import { collectReturns } from './simulated-returns.js';
import { runAction } from './simulated-runs.js';
import { note, typeNamed, type PastellWorld } from './simulated-world.js';

/** No document has so many steps; a circle would never end. */
const MOST_STEPS = 40;

/** What Pastell does by itself, once for each question that it is asked: it goes on with each document as far as its pace says. */
export async function daemonRound(world: PastellWorld): Promise<void> {
  await collectReturns(world);
  for (const document of world.ledger.documents.values()) await goOn(document, world);
}

async function goOn(document: SimulatedDocument, world: PastellWorld): Promise<void> {
  const { pace, clock } = world;
  if (document.isLocked) return;
  if (pace !== 'at-once') {
    const isDue = pace === 'a-step-a-question' || clock.now() - stateOf(document).at >= pace.everyMs;
    if (isDue) await step(document, world);
    return;
  }
  for (let steps = 0; steps < MOST_STEPS && await step(document, world); steps += 1) continue;
}

/** True where it came into another state. */
async function step(document: SimulatedDocument, world: PastellWorld): Promise<boolean> {
  const type = typeNamed(document.type, world);
  const next = type.actions[stateOf(document).action]?.next;
  if (next === undefined) return false;
  const before = document.states.length;
  const isInternal = type.actions[next]?.rules.length === 0;
  if (!isInternal && !possibleActions(document, type, world).includes(next)) return false;
  try {
    await runAction(next, { document, type, world, by: 'daemon' });
  } catch (error) {
    if (!(error instanceof PastellRefusal)) throw error;
    note(document, 9, next, error.message, world);
  }
  return document.states.length > before;
}
