import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../connector-kit/http-simulator.js';
import { readText } from '../connector-kit/http-text.js';
import { html, isOwnPage, PAGE_HEADERS, pageReply } from '../connector-kit/people-page.js';
import { decisionOf, paragraph, verdictNamed } from './council-commands.js';
import type { CouncilDesk } from './council-desk.js';
import { itemPage, listPage } from './council-html.js';
import { CouncilRefusal } from './council-refusal.js';

/** Below which the page stands: the rest of the port belongs to the protocol. */
const PAGE_PATH = '/points';

/** The page on which one acts for the people over there: `/`, `/points/<uid>`, its annexes, and its actions. Undefined for what is not
 * addressed to it. Only this machine is answered, and no form of another site. */
export async function answerCouncilPage(request: IncomingMessage, { pathname }: URL, desk: CouncilDesk): Promise<HttpReply | undefined> {
  if (pathname !== '/' && pathname !== PAGE_PATH && !pathname.startsWith(`${PAGE_PATH}/`)) return undefined;
  if (!isOwnPage(request)) return page(403, 'Refusé', 'Cette page ne répond qu\'à cette machine.');
  const [uid = '', what = '', annex = ''] = pathname.slice(PAGE_PATH.length + 1).split('/').map(decodeURIComponent);
  if (request.method === 'POST') return act(uid, what, new URLSearchParams(await readText(request)), desk);
  if (uid === '') return listPage(desk);
  const item = desk.find(uid);
  if (item === undefined) return page(404, 'Point introuvable', `Le point ${uid} n'est pas ici.`);
  return what === 'annexes' ? annexReply(annex, desk) : itemPage(item, desk);
}

async function act(uid: string, action: string, form: URLSearchParams, desk: CouncilDesk): Promise<HttpReply> {
  try {
    const isThere = await carryOut(uid, action, form, desk);
    return { status: 303, headers: { location: isThere ? `${PAGE_PATH}/${encodeURIComponent(uid)}` : '/' } };
  } catch (error) {
    if (error instanceof CouncilRefusal) return page(409, 'Impossible', error.message);
    throw error;
  }
}

/** Whether the item is still there afterwards. */
async function carryOut(uid: string, action: string, form: URLSearchParams, { people }: CouncilDesk): Promise<boolean> {
  const words = form.get('words')?.trim() ?? '';
  const verdict = verdictNamed(action);
  if (verdict !== undefined) await people.decide(uid, verdict, decisionOf(verdict, words));
  else if (action === 'write') await people.write(uid, paragraph(words));
  else if (action === 'present') await people.present(uid, form.get('meeting') ?? undefined);
  else if (action === 'step') await people.step(uid, form.get('transition') ?? '', words);
  else if (action === 'move') await people.move(uid);
  else if (action === 'delete') await people.remove(uid);
  else throw new CouncilRefusal('not-understood', `L'action ${action} n'existe pas ici.`);
  return action !== 'delete';
}

/** Only what a browser shows without running anything is shown in it. */
function annexReply(uid: string, desk: CouncilDesk): HttpReply {
  const found = desk.annex(uid);
  if (found === undefined) return page(404, 'Annexe introuvable', 'Cette annexe n\'est pas ici.');
  const { annex: { filename, mediaType, size }, open } = found;
  const isShown = mediaType === 'application/pdf';
  const encoded = encodeURIComponent(filename).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return {
    status: 200, headers: { ...PAGE_HEADERS, 'content-type': isShown ? mediaType : 'application/octet-stream', 'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encoded}` },
    body: { size, open },
  };
}

function page(status: number, title: string, words: string): HttpReply {
  return pageReply(title, html`<p>${words}</p><p><a href="/">Tous les points</a></p>`, status);
}
