import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { beyond, notPermitted, requiredDocument, requireEditable, requireEntity, requireIdle, requireMethod, type Call } from './simulated-call.js';
import { choicesFace } from './simulated-choices-face.js';
import { daemonRound } from './simulated-daemon.js';
import { detailOf, editResult } from './simulated-detail.js';
import { newDocument, stateOf, type SimulatedDocument } from './simulated-document.js';
import { chunkFace, fileFace } from './simulated-files-face.js';
import { applyEdit, fieldId } from './simulated-form.js';
import { newId } from './simulated-ids.js';
import { listOf, textOf } from './simulated-php.js';
import { PastellRefusal, prettyReply } from './simulated-reply.js';
import { isPossible } from './simulated-rules.js';
import { runAction } from './simulated-runs.js';
import { searchDocuments } from './simulated-search.js';
import { ENTITY, enter, note, titleOf, typeNamed, type PastellWorld } from './simulated-world.js';

/** `/entite/{id_e}/document…` (contracts/pastell.md §2). `path` begins after `document`. */
export async function documentsFace(entity: string | undefined, call: Call): Promise<HttpReply> {
  requireEntity(entity);
  const { path: [id, what], method, query, world } = call;
  if (method === 'GET') await daemonRound(world);
  if (id === undefined) {
    requireMethod(call, 'GET', 'POST');
    if (method === 'POST') return create(call);
    const several = listOf(query['id_d']);
    return prettyReply(several.length === 0 ? searchDocuments(query, world) : Object.fromEntries(several.map((one) => [one, detailOf(requiredDocument(one, world), world)])));
  }
  const document = requiredDocument(id, world);
  switch (what) {
    case undefined: return oneDocument(document, call);
    case 'file': return fileFace(document, beyond(call, 2));
    case 'chunk': return chunkFace(document, beyond(call, 2));
    case 'externalData': return choicesFace(document, beyond(call, 2));
    case 'action': return actionFace(document, beyond(call, 2));
    default: throw new PastellRefusal(404, `La ressource ${what} n'existe pas.`);
  }
}

function create({ fields, world }: Call): HttpReply {
  const type = typeNamed(textOf(fields['type']), world);
  const document = newDocument({ id: newId(world), entity: ENTITY.id, type: type.id, at: world.clock.now() });
  world.ledger.documents.set(document.id, document);
  note(document, 1, 'creation', 'Création du document', world);
  return prettyReply({ ...detailOf(document, world), id_d: document.id }, 201);
}

async function oneDocument(document: SimulatedDocument, call: Call): Promise<HttpReply> {
  const { method, world } = call;
  requireMethod(call, 'GET', 'PATCH', ...world.release.deletes ? ['DELETE'] : []);
  if (method === 'GET') return prettyReply(detailOf(document, world));
  if (method === 'PATCH') return prettyReply(edit(document, call));
  await run('supression', document, world);
  return { status: 204 };
}

/** Moves the document into `modification`, except in states that stay as they are (contracts/pastell.md §4.2). */
function edit(document: SimulatedDocument, { fields, world }: Call): object {
  const type = typeNamed(document.type, world);
  requireIdle(document);
  requireEditable(document, world);
  const { staysWhenEdited, editable } = type.actions[stateOf(document).action] ?? {};
  if (world.release.refusesFilesInPatch) {
    const file = Object.keys(fields).map(fieldId).find((name) => type.fields.some((field) => field.name === name && field.kind === 'file'));
    if (file !== undefined) throw new PastellRefusal(400, `Le champ ${file} est un fichier : il ne peut pas être modifié ainsi.`);
  }
  applyEdit(document, type, fields, (name) => !world.release.guardsEdits || editable === undefined || editable.includes(name));
  document.editedAt = world.clock.now();
  if (staysWhenEdited !== true) enter(document, 'modification', 'Modification du document', world);
  return editResult(document, world);
}

async function actionFace(document: SimulatedDocument, call: Call): Promise<HttpReply> {
  requireMethod(call, 'POST');
  const message = await run(call.path[0] ?? '', document, call.world);
  return prettyReply({ result: true, message }, 201);
}

/** Right, rule, busy, in that order (contracts/pastell.md §4.5). What did nothing is an error, too. */
async function run(name: string, document: SimulatedDocument, world: PastellWorld): Promise<string> {
  const type = typeNamed(document.type, world);
  if (type.actions[name] === undefined) throw new PastellRefusal(400, `L'action ${name} n'existe pas sur le type de dossier ${type.id}.`);
  if (!isPossible(name, document, type, world) || name === 'modification') throw notPermitted(`L'action «${name}» n'est pas permise : le document «${titleOf(document, type)}» est dans l'état ${stateOf(document).action}.`, world);
  requireIdle(document);
  const done = await runAction(name, { document, type, world, by: 'interface' });
  if (!done.isDone) throw new PastellRefusal(400, done.message);
  return done.message;
}
