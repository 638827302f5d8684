import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { withBody } from './simulated-body.js';
import { firstInterface } from './simulated-first-interface.js';
import type { PastellLogin } from './simulated-login.js';
import { befallen } from './simulated-mishaps.js';
import { phpParameters } from './simulated-php.js';
import { errorReply, prettyReply, refusalReply } from './simulated-reply.js';
import { resourcesFace } from './simulated-resources-face.js';
import type { PastellWorld } from './simulated-world.js';

const METHODS = ['GET', 'POST', 'PATCH', 'DELETE'];

/** The interface of a Pastell (contracts/pastell.md §1, §2): everything below `/api/`. */
export function createPastellFace(world: PastellWorld, login: PastellLogin): (request: IncomingMessage, url: URL) => Promise<HttpReply> {
  return async function reply(request, url) {
    const refused = login.refusal(request);
    if (refused !== null) return refused;
    const mishap = world.mishaps.take(`${request.method ?? ''} ${decodeURIComponent(url.pathname)}`);
    return befallen(mishap, () => answer(request, url, world));
  };
}

async function answer(request: IncomingMessage, url: URL, world: PastellWorld): Promise<HttpReply> {
  const { pathname, searchParams } = url;
  const { method = '' } = request;
  const [, , version = '', ...elements] = pathname.split('/').map(decodeURIComponent);
  if (version === 'rest' && elements[0] === 'allo') return prettyReply({ produit: 'Pastell', version: world.release.version });
  if (pathname.endsWith('.php') || (world.release.takesPhpForScript && pathname.endsWith('php'))) return firstInterface(request, url, world);
  if (version !== 'v2') return errorReply(400, `La version ${version} de l'API n'existe pas.`);
  if (!METHODS.includes(method)) return errorReply(405, `La méthode ${method} n'est pas disponible.`);
  const query = phpParameters(searchParams);
  return withBody(request, ({ fields, files }) => world.ledger.inTurn(async () => {
    const call = { method, path: elements.filter((element) => element !== ''), query, fields: method === 'POST' ? { ...query, ...fields } : fields, files, world };
    return resourcesFace(call).catch(refusalReply);
  }));
}
