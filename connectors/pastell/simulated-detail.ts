import { stateOf, type SimulatedDocument } from './simulated-document.js';
import { formProblem, possibleActions } from './simulated-rules.js';
import { localTime } from './simulated-time.js';
import type { DocumentType } from './simulated-types.js';
import { ENTITY, titleOf, typeNamed, type PastellWorld } from './simulated-world.js';

/** What Pastell tells of one document (contracts/pastell.md §3). Numbers are texts; what may be done is there twice. */
export function detailOf(document: SimulatedDocument, world: PastellWorld): Readonly<Record<string, unknown>> {
  const type = typeNamed(document.type, world);
  const { action, message, at } = stateOf(document);
  const possible = possibleActions(document, type, world);
  return {
    info: { id_d: document.id, type: document.type, titre: titleOf(document, type), creation: localTime(document.createdAt), modification: localTime(document.editedAt) },
    data: dataOf(document, type),
    action_possible: possible,
    'action-possible': possible,
    last_action: { action, message, date: localTime(at) },
  };
}

/** What was edited, and whether the form is complete now. That it is not is no error. */
export function editResult(document: SimulatedDocument, world: PastellWorld): Readonly<Record<string, unknown>> {
  const problem = formProblem(document, typeNamed(document.type, world), world);
  return { result: 'ok', formulaire_ok: problem === null ? 1 : 0, message: problem ?? '', content: detailOf(document, world) };
}

/** Files are told by their names, in their order; empty fields are not told. */
function dataOf({ values, files }: SimulatedDocument, { fields }: DocumentType): Readonly<Record<string, string | readonly string[]>> {
  const told: Record<string, string | readonly string[]> = {};
  for (const { name, kind } of fields) {
    const value = kind === 'file' ? files[name]?.map(({ filename }) => filename) ?? [] : values[name] ?? '';
    if (value.length > 0) told[name] = value;
  }
  return told;
}

/** What a list tells of a document, beside what nobody needs. */
export interface DocumentRow {
  readonly id_d: string;
  readonly type: string;
  readonly last_action: string;
  readonly last_action_date: string;
}

/** A row of a list. */
export function rowOf(document: SimulatedDocument, world: PastellWorld): DocumentRow & Readonly<Record<string, unknown>> {
  const type = typeNamed(document.type, world);
  const { action, at } = stateOf(document);
  return {
    id_d: document.id, id_e: String(document.entity), role: 'editeur', type: document.type, titre: titleOf(document, type),
    last_action: action, last_action_display: type.actions[action]?.label ?? action, last_action_date: localTime(at), last_type: document.type,
    creation: localTime(document.createdAt), modification: localTime(document.editedAt),
    denomination: ENTITY.name, siren: ENTITY.siren, entite_base: '0', entite_mere: '0', centre_de_gestion: '0', date_inscription: localTime(document.createdAt),
    is_active: world.release.realBooleans ? true : '1', entite: [],
  };
}
