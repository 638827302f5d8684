import { statusOf } from '../../src/signature-desk/circuit.js';
import type { Desk } from '../../src/signature-desk/desk.js';
import { DeskRefusal, type DeskFolder, type HistoryRow } from '../../src/signature-desk/desk-folder.js';
import type { MetadataDefinition, StepKind } from '../../src/signature-desk/desk-types.js';
import { textOf, type SoapElement } from '../../src/signature-desk/soap-element.js';
import type { SoapContent, SoapNode } from '../../src/signature-desk/write-soap.js';
import { createDossier } from './soap-face-create.js';
import { fetchDossier } from './soap-face-fetch.js';
import { said } from './soap-face-message.js';

export type ServerVersion = '4.7' | '5';

export interface FaceContext {
  readonly desk: Desk;
  readonly version: ServerVersion;
  readonly login: string;
}

/** Content of the response. What the desk does not do it throws as DeskRefusal. */
type FaceOperation = (request: SoapElement, context: FaceContext) => SoapContent | Promise<SoapContent>;

const ROLES: Readonly<Record<StepKind, string>> = { visa: 'VISEUR', sign: 'SIGNATAIRE', seal: 'CACHET', mail: 'MAILSEC' };

/** The operations that both versions have (contracts/iparapheur.md §1.4). */
export const FACE_OPERATIONS: ReadonlyMap<string, FaceOperation> = new Map<string, FaceOperation>([
  ['echo', ({ text }, { login }) => `[${login}] m'a dit: "${text}"!`],
  ['GetListeTypes', (_request, { desk }) => distinct(desk.types().map(({ type }) => type)).map((type) => ['TypeTechnique', type])],
  ['GetListeSousTypes', ({ text }, { desk }) => desk.types().filter(({ type }) => type === text).map(({ subtype }) => ['SousType', subtype])],
  ['GetCircuit', (request, { desk }) => circuitNodes(request, desk)],
  ['GetListeMetaDonnees', (_request, { desk }) => dictionary(desk).map((definition) => ['MetaDonnee', definitionNodes(definition)])],
  ['GetMetaDonneesRequisesPourTypeSoustype', (request, { desk }) => (typeIn(request, desk)?.metadata ?? []).map((definition) => ['MetaDonnee', [...definitionNodes(definition), ['obligatoire', String(definition.required)]]])],
  ['CreerDossier', (request, { desk }) => createDossier(request, desk)],
  ['GetDossier', ({ text }, { desk, version }) => fetchDossier(required(text, desk), desk, version === '5')],
  ['GetHistoDossier', ({ text }, { desk, version }) => historyNodes(desk.find(text), text, version)],
  ['RechercherDossiers', (request, { desk, version }) => found(request, desk).map((folder) => searchNode(folder, version))],
  ['ArchiverDossier', (request, { desk }) => archive(textOf(request, 'DossierID'), textOf(request, 'ArchivageAction'), desk)],
  ['EffacerDossierRejete', ({ text }, { desk }) => erase(text, desk)],
  ['ExercerDroitRemordDossier', async ({ text }, { desk }) => {
    await desk.recall(text);
    return said('OK', `Dossier ${text} récupéré.`);
  }],
  ['ForcerEtape', (request, context) => force(request, context)],
]);

function circuitNodes(request: SoapElement, desk: Desk): SoapContent {
  const steps = typeIn(request, desk)?.circuit ?? [];
  if (steps.length === 0) return [];
  const step = (place: string, name: string, role: string): SoapNode => ['EtapeCircuit', [['Parapheur', place], ['Prenom', ''], ['Nom', name], ['Role', role]]];
  return [...steps.map(({ desk: place, actor, kind }) => step(place, actor, ROLES[kind])), step('Service Web', 'Service Web', 'ARCHIVAGE')];
}

function typeIn(request: SoapElement, desk: Desk) {
  return desk.types().find(({ type, subtype }) => type === textOf(request, 'TypeTechnique') && subtype === textOf(request, 'SousType'));
}

function dictionary(desk: Desk): readonly MetadataDefinition[] {
  return [...new Map(desk.types().flatMap(({ metadata }) => metadata).map((definition) => [definition.name, definition])).values()];
}

function definitionNodes({ name, title, nature }: MetadataDefinition): readonly SoapNode[] {
  return [['nomCourt', name], ['nomLong', title], ['nature', nature]];
}

function historyNodes(folder: DeskFolder | undefined, id: string, version: ServerVersion): SoapContent {
  if (folder === undefined) return version === '5' ? said('KO', `Dossier ${id} introuvable.`) : [];
  return [...folder.history.map((row): SoapNode => ['LogDossier', logNodes(row, row.actor, version)]), ...said('OK', '')];
}

/** A folder of each, by its current status; in a search the name is the id. */
function searchNode(folder: DeskFolder, version: ServerVersion): SoapNode {
  const last = folder.history.at(-1);
  const row: HistoryRow = last ?? { at: 0, actor: '', status: statusOf(folder), annotation: '', event: 'create', step: null };
  return ['LogDossier', [...logNodes(row, folder.id, version), ['accessible', folder.state === 'running' ? 'KO' : 'OK']]];
}

function logNodes({ at, status, annotation }: HistoryRow, name: string, version: ServerVersion): readonly SoapNode[] {
  const timestamp = new Date(at).toISOString();
  return [['timestamp', version === '5' ? timestamp : timestamp.replace('Z', '+00:00')], ['nom', name], ['status', status], ...annotation === '' ? [] : [['annotation', annotation] as const]];
}

function found(request: SoapElement, desk: Desk): readonly DeskFolder[] {
  const ids = new Set(request.children.filter(({ name }) => name === 'DossierID').map(({ text }) => text));
  const [type, subtype, status, most] = ['TypeTechnique', 'SousType', 'Status', 'NombreDossiers'].map((name) => textOf(request, name));
  const isOf = (wanted: string | undefined, value: string) => wanted === undefined || wanted === '' || wanted === value;
  const all = desk.list().filter((folder) => (ids.size === 0 || ids.has(folder.id)) && isOf(type, folder.type) && isOf(subtype, folder.subtype) && isOf(status, statusOf(folder)));
  return Number(most) > 0 ? all.slice(0, Number(most)) : all;
}

async function archive(id: string, action: string, desk: Desk): Promise<SoapContent> {
  const { state } = required(id, desk);
  if (state !== 'finished' && state !== 'recalled') return said('KO', `Le dossier ${id} n'est pas en fin de circuit.`);
  if (action === 'EFFACER') {
    await desk.remove(id);
    return [['URL', null], ...said('OK', `Dossier ${id} supprimé du Parapheur.`)];
  }
  await desk.archive(id);
  return [['URL', `archives/${id}`], ...said('OK', `Dossier ${id} archivé.`)];
}

async function erase(id: string, desk: Desk): Promise<SoapContent> {
  if (required(id, desk).state !== 'rejected') return said('KO', `Le dossier ${id} n'est pas rejeté.`);
  await desk.remove(id);
  return said('OK', `Dossier ${id} supprimé du Parapheur.`);
}

/** Only where the folder asks for a visa. */
async function force(request: SoapElement, { desk, version }: FaceContext): Promise<SoapContent> {
  const id = textOf(request, 'DossierID');
  const { circuit, step } = required(id, desk);
  if (circuit[step]?.kind !== 'visa') return said('KO', `L'étape du dossier ${id} n'est pas un visa.`);
  const annotation = textOf(request, 'AnnotationPublique');
  const after = await desk.act(id, textOf(request, 'CodeTransition') === 'OK' ? { do: 'visa', annotation } : { do: 'reject', reason: annotation });
  const last = after.history.at(-1);
  return [...last === undefined ? [] : [['LogDossier', logNodes(last, last.actor, version)] as const], ...said('OK', '')];
}

function required(id: string, desk: Desk): DeskFolder {
  const folder = desk.find(id);
  if (folder === undefined) throw new DeskRefusal('unknown-folder', `Dossier ${id} introuvable.`);
  return folder;
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
