import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../connector-kit/http-simulator.js';
import { readText } from '../connector-kit/http-text.js';
import { html, isOwnPage, PAGE_HEADERS, pageReply } from '../connector-kit/people-page.js';
import type { DeskFile } from '../signature-desk/desk-folder.js';
import { runStateCommand } from './state-commands.js';
import type { StateDesk } from './state-desk.js';
import { exchangePage, filesOfExchange, filesOfFlow, flowPage, listPage } from './state-html.js';
import { StateRefusal } from './state-refusal.js';

/** The page on which one answers for the treasury and the prefecture: `/`, `/transactions/<id>`, its files, and its actions, which are the commands
 * of the terminal. Undefined for what is not addressed to it. Only this machine is answered, and no form of another site. */
export async function answerStatePage(request: IncomingMessage, { pathname }: URL, desk: StateDesk): Promise<HttpReply | undefined> {
  const [, place = '', id = '', action = '', index = ''] = pathname.split('/').map(decodeURIComponent);
  if (!['', 'transactions', 'act'].includes(place)) return undefined;
  if (!isOwnPage(request)) return page(403, 'Refusé', 'Cette page ne répond qu\'à cette machine.');
  if (request.method === 'POST') return act(place === 'act' ? [id] : [action, id], await readText(request), desk);
  if (place === '') return listPage(desk);
  return transaction(id, action === 'files' ? Number(index) : null, desk);
}

/** The page of a transaction, or one of its files. */
function transaction(id: string, file: number | null, desk: StateDesk): HttpReply {
  const [flow, exchange] = [desk.treasury.find(id), desk.prefecture.find(id)];
  if (flow !== undefined) return file === null ? flowPage(flow) : fileReply(filesOfFlow(flow)[file], desk);
  if (exchange !== undefined) return file === null ? exchangePage(exchange) : fileReply(filesOfExchange(exchange)[file], desk);
  return page(404, 'Transaction introuvable', `La transaction ${id} n'est pas ici.`);
}

async function act([action = '', id = '']: readonly string[], text: string, desk: StateDesk): Promise<HttpReply> {
  const form = new URLSearchParams(text);
  const typed = [action, id, form.get('kind') ?? '', form.get('words') ?? ''].filter((word) => word !== '').join(' ');
  try {
    const lines = await runStateCommand(typed, desk);
    if (lines === undefined) return page(409, 'Impossible', `L'action ${action} n'existe pas ici.`);
    return { status: 303, headers: { location: id === '' ? '/' : `/transactions/${encodeURIComponent(id)}` } };
  } catch (error) {
    if (error instanceof StateRefusal) return page(409, 'Impossible', error.message);
    throw error;
  }
}

/** Only what a browser shows without running anything is shown in it. */
function fileReply(file: DeskFile | undefined, desk: StateDesk): HttpReply {
  if (file === undefined) return page(404, 'Document introuvable', 'Ce document n\'est pas ici.');
  const { filename, mediaType, sha256, size } = file;
  const isShown = mediaType === 'application/pdf';
  const encoded = encodeURIComponent(filename).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return {
    status: 200, headers: { ...PAGE_HEADERS, 'content-type': isShown ? mediaType : 'application/octet-stream', 'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encoded}` },
    body: { size, open: () => desk.files.read(sha256) },
  };
}

function page(status: number, title: string, words: string): HttpReply {
  return pageReply(title, html`<p>${words}</p><p><a href="/">Toutes les transactions</a></p>`, status);
}
