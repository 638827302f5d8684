import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { beyond, requireEntity, requireMethod, type Call } from './simulated-call.js';
import { documentsFace } from './simulated-documents-face.js';
import type { Field } from './simulated-fields.js';
import { journalFace } from './simulated-journal-face.js';
import { textOf } from './simulated-php.js';
import { PastellRefusal, prettyReply } from './simulated-reply.js';
import { countDocuments } from './simulated-search.js';
import { ENTITY, typeNamed, type PastellWorld } from './simulated-world.js';

/** Everything below `/api/v2` (contracts/pastell.md §2). */
export async function resourcesFace(call: Call): Promise<HttpReply> {
  const { path: [resource = ''], world } = call;
  switch (resource) {
    case 'version': return read(call, versionOf(world));
    case 'entite': return entities(beyond(call));
    case 'flux': return flows(beyond(call));
    case 'document': return read(call, countDocuments(call.query, world));
    case 'journal': return journalFace(beyond(call));
    case 'familleConnecteur': return read(call, FAMILIES);
    default: throw new PastellRefusal(404, `La ressource ${resource} n'existe pas.`);
  }
}

function read(call: Call, content: unknown): HttpReply {
  requireMethod(call, 'GET');
  return prettyReply(content);
}

export function versionOf({ release: { version } }: PastellWorld): Readonly<Record<string, unknown>> {
  return { version, revision: '1', last_changed_date: '2024-09-10 10:00:00', extensions_versions_accepted: [version], version_complete: `Version ${version} - Révision 1` };
}

function entityRow({ release }: PastellWorld): object {
  return { id_e: String(ENTITY.id), denomination: ENTITY.name, siren: ENTITY.siren, type: 'collectivite', centre_de_gestion: '0', entite_mere: '0', is_active: release.realBooleans ? true : '1' };
}

async function entities(call: Call): Promise<HttpReply> {
  const { path: [id, what], world } = call;
  if (id === undefined) return read(call, [entityRow(world)]);
  requireEntity(id);
  switch (what) {
    case undefined: return read(call, { ...entityRow(world), entite_fille: [] });
    case 'document': return documentsFace(id, beyond(call, 2));
    case 'flux': return read(call, associations(call));
    case 'connecteur': return connectors(beyond(call, 2));
    default: throw new PastellRefusal(404, `La ressource ${what} n'existe pas.`);
  }
}

const FAMILIES = ['signature', 'TdT', 'GED', 'SAE', 'mailsec'] as const;

/** Which connectors of the entity a type of document goes through. */
function associations({ query, world: { types, mishaps } }: Call): readonly object[] {
  const [flow, family] = [textOf(query['flux']), textOf(query['type'])];
  const families = FAMILIES.filter((one) => !(one === 'TdT' && mishaps.has('no-tdt')));
  const all = [...types.keys()].flatMap((type, row) => families.map((one, index) => ({ id_fe: String(row * FAMILIES.length + index + 1), id_e: String(ENTITY.id), flux: type, id_ce: String(index + 1), type: one })));
  return all.filter((one) => (flow === '' || one.flux === flow) && (family === '' || one.type === family));
}

const NAMES: Readonly<Record<(typeof FAMILIES)[number], string>> = { signature: 'iParapheur', TdT: 's2low', GED: 'depot-local', SAE: 'as@lae-rest', mailsec: 'mailsec' };

function connectors(call: Call): HttpReply {
  const rows = FAMILIES.map((family, index) => ({ id_ce: String(index + 1), id_e: String(ENTITY.id), libelle: `${family} de démonstration`, id_connecteur: NAMES[family], type: family }));
  const [id] = call.path;
  if (id === undefined) return read(call, rows);
  const found = rows.find(({ id_ce: number }) => number === id);
  if (found === undefined) throw new PastellRefusal(404, `Le connecteur ${id} n'existe pas.`);
  return read(call, { ...found, data: {}, 'action-possible': [] });
}

/** Types of document, their forms and their actions. */
function flows(call: Call): HttpReply {
  const { path: [id, what], world } = call;
  if (id === undefined) return read(call, Object.fromEntries([...world.types.values()].map((type) => [type.id, { type: type.category, nom: type.label }])));
  const type = typeNamed(id, world);
  if (what === 'action') return read(call, Object.fromEntries(Object.entries(type.actions).map(([name, { label, next }]) => [name, { name: label, 'name-action': label, ...(next !== undefined && { 'action-automatique': next }) }])));
  if (what !== undefined) throw new PastellRefusal(404, `La ressource ${what} n'existe pas.`);
  return read(call, Object.fromEntries(type.fields.map((field) => [field.name, definitionOf(field, world)])));
}

/** A field as the definition of the form has it; truths are texts in older versions. */
function definitionOf({ label, kind, required, multiple, title, index, output, choices, pattern }: Field, { release }: PastellWorld): object {
  const truth = release.realBooleans ? true : '1';
  return {
    name: label, type: kind, ...(required === true && { requis: truth }), ...(multiple === true && { multiple: truth }), ...(title === true && { title: truth }), ...(index === true && { index: truth }),
    ...(output === true && { 'read-only': truth }), ...(choices !== undefined && { value: choices }), ...(pattern !== undefined && { 'preg-match': `#${pattern.source}#` }),
  };
}
