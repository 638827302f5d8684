import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../connector-kit/http-simulator.js';
import { readText } from '../connector-kit/http-text.js';
import { html, isOwnPage, PAGE_HEADERS, pageReply } from '../connector-kit/people-page.js';
import { actionNamed } from './action-named.js';
import type { Desk } from './desk.js';
import { DeskRefusal, type DeskAction, type DeskFile, type DeskFolder } from './desk-folder.js';
import { addressOf, folderPage, listPage } from './desk-html.js';

/** The page on which people read, sign and refuse: `/`, `/folders/<id>`, its files and its actions. Undefined for what is not
 * addressed to it. Only this machine is answered, and no form of another site. */
export async function answerDeskPage(request: IncomingMessage, { pathname }: URL, desk: Desk): Promise<HttpReply | undefined> {
  const [, place = '', id = '', action = '', index = ''] = pathname.split('/').map(decodeURIComponent);
  if (place !== '' && place !== 'folders') return undefined;
  if (!isOwnPage(request)) return page(403, 'Refusé', 'Cette page ne répond qu\'à cette machine.');
  if (place === '') return listPage(desk.list());
  const folder = desk.find(id);
  if (folder === undefined) return page(404, 'Dossier introuvable', `Le dossier ${id} n'est plus ici.`);
  if (request.method === 'POST') return act(folder, action, new URLSearchParams(await readText(request)), desk);
  const files = await filesOf(folder, desk);
  if (action === 'files') return fileReply(files[Number(index)], desk);
  return folderPage(folder, files);
}

async function act(folder: DeskFolder, action: string, form: URLSearchParams, desk: Desk): Promise<HttpReply> {
  const { id } = folder;
  try {
    if (action === 'recall') await desk.recall(id);
    else if (action === 'delete') await desk.remove(id);
    else await desk.act(id, requiredAction(action, form.get('words') ?? ''));
    return { status: 303, headers: { location: action === 'delete' ? '/' : addressOf(folder) } };
  } catch (error) {
    if (error instanceof DeskRefusal) return page(409, 'Impossible', error.message);
    throw error;
  }
}

function requiredAction(word: string, words: string): DeskAction {
  const action = actionNamed(word, words);
  if (action === undefined) throw new DeskRefusal('not-now', `L'action ${word} n'existe pas.`);
  return action;
}

/** In the order in which the page shows them. */
async function filesOf({ id, main, visual, annexes }: DeskFolder, desk: Desk): Promise<readonly DeskFile[]> {
  return [...main.flatMap((document) => [document, ...document.signatures]), ...visual === null ? [] : [visual], ...annexes, await desk.slip(id)];
}

/** Only what a browser shows without running anything is shown in it. */
function fileReply(file: DeskFile | undefined, desk: Desk): HttpReply {
  if (file === undefined) return page(404, 'Document introuvable', 'Ce document n\'est plus ici.');
  const { filename, mediaType, sha256, size } = file;
  const isShown = mediaType === 'application/pdf';
  const disposition = `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)}`;
  return {
    status: 200, headers: { ...PAGE_HEADERS, 'content-type': isShown ? mediaType : 'application/octet-stream', 'content-disposition': disposition },
    body: { size, open: () => desk.files.read(sha256) },
  };
}

function page(status: number, title: string, words: string): HttpReply {
  return pageReply(title, html`<p>${words}</p><p><a href="/">Tous les dossiers</a></p>`, status);
}
