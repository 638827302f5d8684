import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { requireMethod, type Call } from './simulated-call.js';
import type { JournalEvent } from './simulated-ledger.js';
import { textOf, type PhpParameters } from './simulated-php.js';
import { PastellRefusal, prettyReply } from './simulated-reply.js';
import { comparableTime, localTime } from './simulated-time.js';
import { stampReply } from './simulated-time-stamp.js';
import { ENTITY, titleOf, typeNamed, type PastellWorld } from './simulated-world.js';

const PAGE = 100;
const USER = '5';

/** `/journal` (contracts/pastell.md §4.6): newest first; `-1` gives all. */
export async function journalFace(call: Call): Promise<HttpReply> {
  const { path: [id, what], query, world } = call;
  requireMethod(call, 'GET');
  if (world.mishaps.has('no-journal')) throw new PastellRefusal(403, `Acces interdit id_e=${ENTITY.id}, droit=journal:lecture`);
  if (id === undefined) return prettyReply(searched(query, world));
  const event = world.ledger.events.find((one) => String(one.id) === id);
  if (event === undefined) throw new PastellRefusal(404, `L'événement ${id} n'existe pas.`);
  const token = await stampReply(event, stampedText(event), world);
  if (what === 'jeton') return { status: 200, headers: { 'content-type': 'application/timestamp-reply', 'content-disposition': `attachment; filename="pastell-journal-preuve-${id}.tsr"` }, body: token };
  return prettyReply({ ...rowOf(event, world), preuve: token.toString('base64') });
}

function searched(query: PhpParameters, world: PastellWorld): readonly object[] {
  const asked = (name: string) => textOf(query[name]);
  const found = world.ledger.events.filter((event) => (asked('id_d') === '' || event.document === asked('id_d'))
    && (asked('type') === '' || event.documentType === asked('type'))
    && (asked('recherche') === '' || event.message.includes(asked('recherche')))
    && (asked('date_debut') === '' || localTime(event.at) >= comparableTime(asked('date_debut')))
    && (asked('date_fin') === '' || localTime(event.at).slice(0, asked('date_fin').length) <= asked('date_fin'))).toReversed();
  const offset = Number(asked('offset') || 0);
  const limit = Number(asked('limit') || PAGE);
  return found.slice(offset, limit === -1 ? undefined : offset + limit).map((event) => rowOf(event, world));
}

/** The very text that is stamped. */
function stampedText({ kind, entity, document, action, message, at, documentType }: JournalEvent): string {
  return [kind, entity, USER, document, action, message, localTime(at), documentType].join(' - ');
}

function rowOf(event: JournalEvent, world: PastellWorld): Readonly<Record<string, unknown>> {
  const { id, kind, entity, document, documentType, action, message, at } = event;
  const about = world.ledger.documents.get(document);
  const type = typeNamed(documentType, world);
  return {
    id_j: String(id), type: String(kind), id_e: String(entity), id_u: USER, id_d: document, action, action_libelle: type.actions[action]?.label ?? action, message, date: localTime(at),
    date_horodatage: localTime(at), message_horodate: stampedText(event), document_type: documentType, document_type_libelle: type.label,
    titre: about === undefined ? null : titleOf(about, type), denomination: ENTITY.name, siren: ENTITY.siren, nom: 'Relais', prenom: 'Service',
  };
}
