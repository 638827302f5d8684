import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { withBody } from './simulated-body.js';
import { phpParameters, textOf } from './simulated-php.js';
import { errorReply, refusalReply } from './simulated-reply.js';
import { resourcesFace } from './simulated-resources-face.js';
import type { PastellWorld } from './simulated-world.js';

interface Script {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: (parameter: (name: string) => string) => readonly string[];
}

const document = (...more: readonly string[]) => (parameter: (name: string) => string) => ['entite', parameter('id_e'), 'document', ...more.map((name) => (name.startsWith(':') ? parameter(name.slice(1)) : name))];

/** Scripts of the first interface, and what they are in the second (contracts/pastell.md §10). */
const SCRIPTS: Readonly<Record<string, Script>> = {
  'version.php': { method: 'GET', path: () => ['version'] },
  'list-entite.php': { method: 'GET', path: () => ['entite'] },
  'detail-entite.php': { method: 'GET', path: (parameter) => ['entite', parameter('id_e')] },
  'document-type.php': { method: 'GET', path: () => ['flux'] },
  'document-type-info.php': { method: 'GET', path: (parameter) => ['flux', parameter('type')] },
  'document-type-action.php': { method: 'GET', path: (parameter) => ['flux', parameter('type'), 'action'] },
  'list-document.php': { method: 'GET', path: document() },
  'recherche-document.php': { method: 'GET', path: document() },
  'detail-document.php': { method: 'GET', path: document(':id_d') },
  'create-document.php': { method: 'POST', path: document() },
  'modif-document.php': { method: 'PATCH', path: document(':id_d') },
  'send-file.php': { method: 'POST', path: document(':id_d', 'file', ':field', ':num') },
  'recuperation-fichier.php': { method: 'GET', path: document(':id_d', 'file', ':field', ':num') },
  'external-data.php': { method: 'GET', path: document(':id_d', 'externalData', ':field') },
  'action.php': { method: 'POST', path: document(':id_d', 'action', ':action') },
  'journal.php': { method: 'GET', path: () => ['journal'] },
};

/** An address of the first interface: the same things, by scripts. Urlencoded texts are read as ISO-8859-1; what is wrong in general is told
 * with status 200. */
export async function firstInterface(request: IncomingMessage, { pathname, search }: URL, world: PastellWorld): Promise<HttpReply> {
  const name = pathname.split('/').at(-1) ?? '';
  const script = SCRIPTS[name];
  if (script === undefined) return errorReply(404, `Le script ${name} n'existe pas.`);
  const { method, path } = script;
  return withBody(request, async ({ fields: given, files }) => {
    const fields = { ...phpParameters(asLatin1(search)), ...given };
    const parameter = (one: string) => textOf(fields[one]) || (one === 'num' ? '0' : '');
    const call = { method, path: path(parameter), query: fields, fields, files, world };
    return asFirst(await world.ledger.inTurn(() => resourcesFace(call).catch(refusalReply)));
  }, asLatin1);
}

/** Each byte is a character: what was sent in UTF-8 arrives spoilt. */
function asLatin1(urlencoded: string): string {
  return urlencoded.replace(/%([0-9a-f]{2})/gi, (_escape, byte: string) => encodeURIComponent(String.fromCharCode(Number.parseInt(byte, 16))));
}

/** Compact; every scalar a text; 200 for whatever has no status of its own there. */
function asFirst(reply: HttpReply): HttpReply {
  const status = [401, 403, 404, 405, 409, 500].includes(reply.status) ? reply.status : 200;
  if (typeof reply.body !== 'string') return { ...reply, status };
  return { ...reply, status, body: JSON.stringify(textsOnly(JSON.parse(reply.body))) };
}

function textsOnly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textsOnly);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, textsOnly(one)]));
  if (typeof value === 'boolean') return value ? '1' : '';
  return typeof value === 'number' ? String(value) : value;
}
