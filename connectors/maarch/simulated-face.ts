import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply } from '../../src/connector-kit/http-text.js';
import { readPosted, type PostedBody } from './simulated-body.js';
import { CUSTOM_FIELDS, ENTITIES, MODELS, STATUSES, TYPES } from './simulated-catalogue.js';
import type { Attached, Letter, Office } from './simulated-office.js';

/** What can be wrong with it beside the behaviours: every request is answered with the page of a login, or sent there; the route for
 * external identifiers is not there yet; nothing is in the reach of the account. */
export const MISHAPS = ['login-page', 'login-redirect', 'old-server', 'out-of-reach'] as const;

export type Mishap = (typeof MISHAPS)[number];

type Members = Readonly<Record<string, unknown>>;

/** Members that an update empties where they are not given again. */
const ADJACENT = ['senders', 'recipients', 'folders', 'tags'];

interface Call extends PostedBody {
  readonly id: string;
  readonly rest: string;
  readonly light: boolean;
  readonly office: Office;
  readonly mishaps: ReadonlySet<Mishap>;
}

const NOWHERE: HttpReply = { status: 404, body: '<html>Not found</html>' };

/** The REST interface of Maarch Courrier, as far as the connector uses it, with its traps (README «Facts»). */
export async function answerRest(request: IncomingMessage, { pathname, searchParams }: URL, office: Office, mishaps: ReadonlySet<Mishap>): Promise<HttpReply> {
  const [, , place = '', id = '', rest = ''] = pathname.split('/').map(decodeURIComponent);
  const posted = request.method === 'GET' ? { members: {}, file: null } : await readPosted(request);
  const call: Call = { ...posted, id, rest, light: searchParams.has('light'), office, mishaps };
  const asked = `${request.method ?? ''} ${place}`;
  const fixed = CATALOGUE[asked];
  return fixed === undefined ? ROUTES[asked]?.(call) ?? NOWHERE : jsonReply(fixed);
}

const ROUTES: Readonly<Record<string, (call: Call) => HttpReply>> = {
  'POST resources': (call) => createLetter(call, call.office),
  'GET resources': (call) => ofLetter(call, (letter) => letterReply(letter, call.rest, call.light, call.office)),
  'PUT resources': (call) => (call.id === 'external' ? external(call) : ofLetter(call, (letter) => updateLetter(letter, call.members))),
  'POST attachments': (call) => createAttachment(call, call.office, call.mishaps),
  'GET attachments': ({ office, id, rest }) => attachmentReply(office.attachment(Number(id)), rest),
  'PUT res': ({ members, office }) => setStatus(members, office),
  'POST res': ({ members, office, mishaps }) => (mishaps.has('out-of-reach') ? jsonReply({ resources: [], count: 0 }) : listReply(members, office)),
};

function external({ members, office, mishaps }: Call): HttpReply {
  return mishaps.has('old-server') ? NOWHERE : findExternal(members, office);
}

function ofLetter({ id, office, mishaps }: Call, reply: (letter: Letter) => HttpReply): HttpReply {
  const letter = office.letter(Number(id));
  if (mishaps.has('out-of-reach')) return failure('Document out of perimeter', 403);
  return letter === undefined ? failure('Document does not exist') : reply(letter);
}

const CATALOGUE: Readonly<Record<string, object>> = {
  'GET statuses': { statuses: Object.entries(STATUSES).map(([id, label]) => ({ id, label_status: label })) },
  'GET attachmentsTypes': { attachmentsTypes: Object.fromEntries(Object.entries(TYPES).map(([typeId, label]) => [typeId, { typeId, label }])) },
  'GET customFields': { customFields: CUSTOM_FIELDS },
  'GET entities': { entities: ENTITIES },
};

function createLetter({ members, file }: PostedBody, office: Office): HttpReply {
  const { externalId, status, chrono, ...others } = members;
  if (MODELS[Number(others['modelId'])] === undefined) return failure('Body modelId does not exist');
  if (typeof status !== 'string' || STATUSES[status] === undefined) return failure('Body status does not exist');
  const mistake = mistakeIn(members) ?? (file !== null && typeof members['format'] !== 'string' ? 'Body format is empty or not a string' : null);
  if (mistake !== null) return failure(mistake);
  const letter = office.addLetter({ members: others, status, externalId: { ...externalId as Members }, file }, chrono === true);
  return jsonReply({ resId: letter.resId });
}

function mistakeIn({ customFields, subject }: Members): string | null {
  const unknown = Object.keys({ ...customFields as Members }).some((id) => !CUSTOM_FIELDS.some((field) => field.id === Number(id)));
  if (unknown) return 'Body customFields : One or more custom fields do not exist';
  return typeof subject === 'string' && Array.from(subject).length > 255 ? 'Body subject is too long' : null;
}

/** Compared as JSON: a text without quotes is no JSON. */
function findExternal({ type, value }: Members, office: Office): HttpReply {
  const wanted = parsed(value);
  if (wanted === undefined) return failure('externalId type or value has wrong format');
  const found = office.letters().find(({ externalId }) => externalId[String(type)] === wanted);
  return found === undefined ? failure('Document not found') : jsonReply({ resId: found.resId });
}

function createAttachment({ members, file }: PostedBody, office: Office, mishaps: ReadonlySet<Mishap>): HttpReply {
  const { resIdMaster, title, type, format } = members;
  if (file === null) return failure('Body encodedFile is empty');
  if (typeof type !== 'string' || TYPES[type] === undefined) return failure('Body type does not exist');
  if (mishaps.has('out-of-reach') || office.letter(Number(resIdMaster)) === undefined) return failure('Body resIdMaster is out of perimeter');
  const added = office.attach({ resIdMaster: Number(resIdMaster), title: String(title), type, format: String(format), status: 'A_TRA', file, signedResponse: null, content: null });
  return jsonReply({ id: added.id });
}

function attachmentReply(attached: Attached | undefined, rest: string): HttpReply {
  if (attached === undefined) return failure('Attachment does not exist');
  const { id, resIdMaster, title, type, format, status, signedResponse, content } = attached;
  if (rest === '') return jsonReply({ resId: id, resIdMaster, title, type, format, status, ...(signedResponse !== null && { signedResponse }) });
  return content === null ? { status: 404, body: JSON.stringify({ errors: 'Attachment not found on docserver' }) } : { status: 200, headers: { 'content-type': 'application/pdf' }, body: Buffer.from(content, 'base64') };
}

/** What is not given again is emptied, or left as it is; custom fields are replaced as a whole. */
function updateLetter(letter: Letter, { externalId, ...members }: Members): HttpReply {
  if (!/^\d+$/.test(String(members['doctype']))) return failure('Body doctype is not an integer');
  const mistake = mistakeIn(members);
  if (mistake !== null) return failure(mistake);
  const kept = Object.fromEntries(Object.entries(letter.members).filter(([name]) => !ADJACENT.includes(name)));
  letter.members = { ...kept, ...members, destination: letter.members['destination'] };
  letter.externalId = { ...letter.externalId, ...externalId as Members };
  return { status: 204 };
}

function setStatus({ resId, status }: Members, office: Office): HttpReply {
  const letters = (Array.isArray(resId) ? resId : []).map((id) => office.letter(Number(id)));
  if (typeof status !== 'string' || STATUSES[status] === undefined) return failure('Ce statut n\'existe pas');
  if (letters.length === 0 || letters.includes(undefined)) return failure('Document introuvable');
  for (const letter of letters) if (letter !== undefined) letter.status = status;
  return jsonReply({ success: 'success' });
}

function letterReply(letter: Letter, rest: string, light: boolean, office: Office): HttpReply {
  const { resId, members, status, chrono, externalId, notes } = letter;
  if (rest === 'fields') return jsonReply({ field: asPhp(externalId) });
  if (rest === 'notes') return jsonReply({ notes: notes.toReversed() });
  if (rest === 'attachments') return jsonReply({ attachments: office.attachments(resId).filter(({ type }) => type !== 'signed_response').map(({ id, title, type, status: state }) => ({ resId: id, resIdMaster: resId, title, type, status: state })) });
  const { modelId, subject, customFields = {}, ...others } = members;
  const all = { resId, modelId, categoryId: MODELS[Number(modelId)], chrono, status, statusLabel: STATUSES[status], subject };
  return jsonReply(light ? all : { ...all, ...others, customFields: asPhp(customFields as Members) });
}

/** As the clauses of the connector go; one that it does not write is a mistake. */
function listReply({ select, clause, orderBy }: Members, office: Office): HttpReply {
  if (typeof select !== 'string' || typeof clause !== 'string' || !Array.isArray(orderBy)) return failure('Bad Request: clause is not valid');
  const [, numbers] = /^res_id in \(([\d, ]+)\)$/.exec(clause) ?? [];
  const [, chrono] = /^alt_identifier = '([^']*)'$/.exec(clause) ?? [];
  const [, name = '', value] = /^external_id->>'(\w+)' = '([^']*)'$/.exec(clause) ?? [];
  if (numbers === undefined && chrono === undefined && value === undefined) return failure('Requête invalide');
  const wanted = numbers?.split(',').map(Number);
  const found = office.letters().filter((letter) => wanted?.includes(letter.resId) ?? (chrono === undefined ? letter.externalId[name] === value : letter.chrono === chrono));
  return jsonReply({ resources: found.map(({ resId, status }) => ({ res_id: resId, status })), count: found.length });
}

/** PHP writes an empty object as a list. */
function asPhp(members: Members): object {
  return Object.keys(members).length === 0 ? [] : members;
}

function parsed(value: unknown): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}

export function failure(errors: string, status = 400): HttpReply {
  return jsonReply({ errors }, status);
}
