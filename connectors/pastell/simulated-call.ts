import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { ReceivedPart } from '../../src/connector-kit/read-form.js';
import type { SimulatedDocument } from './simulated-document.js';
import type { PhpParameters } from './simulated-php.js';
import { PastellRefusal } from './simulated-reply.js';
import { isPossible } from './simulated-rules.js';
import { ENTITY, typeNamed, type PastellWorld } from './simulated-world.js';

/** A request as the parts of the interface see it: whoever calls was let in already, and the body was read. */
export interface Call {
  readonly method: string;
  /** Elements of the path after those that led here, decoded. */
  readonly path: readonly string[];
  readonly query: PhpParameters;
  /** Of a form or an urlencoded body; with the query, where PHP merges them. */
  readonly fields: PhpParameters;
  /** Files of a form, written to a place of their own. */
  readonly files: readonly ReceivedPart[];
  readonly world: PastellWorld;
}

export type Face = (call: Call) => HttpReply | Promise<HttpReply>;

/** The same call, one element of the path further. */
export function beyond(call: Call, elements = 1): Call {
  return { ...call, path: call.path.slice(elements) };
}

/** Throws PastellRefusal for another method than those. */
export function requireMethod({ method }: Call, ...allowed: readonly string[]): void {
  if (!allowed.includes(method)) throw new PastellRefusal(405, `La méthode ${method} n'est pas disponible pour cette ressource.`);
}

export function requireEntity(given: string | undefined): void {
  if (given !== String(ENTITY.id)) throw new PastellRefusal(404, `L'entité ${given ?? ''} n'existe pas.`);
}

export function requiredDocument(id: string | undefined, { ledger }: PastellWorld): SimulatedDocument {
  const document = ledger.documents.get(id ?? '');
  if (document === undefined) throw new PastellRefusal(404, `Le document ${id ?? ''} n'appartient pas à l'entité ${ENTITY.id}.`);
  return document;
}

/** A document on which an action goes on over there takes nothing meanwhile (contracts/pastell.md §1.2). */
export function requireIdle(document: SimulatedDocument): void {
  if (document.busy <= 0) return;
  document.busy -= 1;
  throw new PastellRefusal(400, 'Une action est déjà en cours de réalisation sur ce document.');
}

/** What may not be done in this state: 400 in most versions, 403 in some (contracts/pastell.md sources). */
export function notPermitted(message: string, { mishaps }: PastellWorld): PastellRefusal {
  return new PastellRefusal(mishaps.has('refuses-with-403') ? 403 : 400, message);
}

/** Throws PastellRefusal in states in which nothing may be changed. */
export function requireEditable(document: SimulatedDocument, world: PastellWorld): void {
  if (!isPossible('modification', document, typeNamed(document.type, world), world)) throw notPermitted('L\'action «modification» n\'est pas permise dans l\'état du document.', world);
}
