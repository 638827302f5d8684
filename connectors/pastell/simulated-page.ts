import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { readText } from '../../src/connector-kit/http-text.js';
import { html, isOwnPage, PAGE_HEADERS, pageReply, type Html } from '../../src/connector-kit/people-page.js';
import { daemonRound } from './simulated-daemon.js';
import { stateOf, type DocumentFile, type SimulatedDocument } from './simulated-document.js';
import { mediaTypeOf } from './simulated-form.js';
import { actOn, actOnState, DEEDS, STATE_DEEDS, type Deed } from './simulated-people.js';
import { PastellRefusal } from './simulated-reply.js';
import { localTime } from './simulated-time.js';
import { titleOf, typeNamed, waitsIn, type PastellWorld } from './simulated-world.js';

/** The page on which the mayor signs, and the prefecture and the treasury answer: `/`, `/documents/<id>`, its files and what is done about it.
 * Undefined for what is not addressed to it. Only this machine is answered, and no form of another site. */
export async function answerPeoplePage(request: IncomingMessage, { pathname, searchParams }: URL, world: PastellWorld): Promise<HttpReply | undefined> {
  // where Pastell has the page of a document
  if (pathname === '/Document/detail') return { status: 303, headers: { location: `/documents/${encodeURIComponent(searchParams.get('id_d') ?? '')}` } };
  const [, place = '', id = '', action = '', field = '', index = '0'] = pathname.split('/').map(decodeURIComponent);
  if (!['', 'documents', 'state'].includes(place)) return undefined;
  if (!isOwnPage(request)) return page(403, 'Refusé', 'Cette page ne répond qu\'à cette machine.');
  const words = request.method === 'POST' ? new URLSearchParams(await readText(request)).get('words') ?? '' : '';
  return world.ledger.inTurn(async () => {
    await daemonRound(world);
    if (place === '') return listPage(world);
    if (place === 'state') return await actOnState(id, world) === undefined ? page(404, 'Introuvable', `L'action ${id} n'existe pas.`) : { status: 303, headers: { location: '/' } };
    const document = world.ledger.documents.get(id);
    if (document === undefined) return page(404, 'Document introuvable', `Le document ${id} n'est plus ici.`);
    if (request.method === 'POST') return act(document, action, words, world);
    return action === 'files' ? fileReply(document.files[field]?.[Number(index)], world) : documentPage(document, world);
  });
}

async function act(document: SimulatedDocument, name: string, words: string, world: PastellWorld): Promise<HttpReply> {
  const deed = DEEDS.find((one) => one === name);
  if (deed === undefined) return page(404, 'Introuvable', `L'action ${name} n'existe pas.`);
  try {
    await actOn(document, deed, words, world);
    await daemonRound(world);
    return { status: 303, headers: { location: addressOf(document) } };
  } catch (error) {
    if (error instanceof PastellRefusal) return page(409, 'Impossible', error.message);
    throw error;
  }
}

const STATE_LABELS: Readonly<Record<(typeof STATE_DEEDS)[number], string>> = {
  return: 'La DGFiP envoie un PES_Retour', reclassify: 'La préfecture change la classification', refresh: 'Pastell met la classification à jour',
};

function listPage(world: PastellWorld): HttpReply {
  const rows = [...world.ledger.documents.values()].toReversed().map((document) => html`<tr><td><a href="${addressOf(document)}">${titleOf(document, typeNamed(document.type, world)) || document.id}</a></td><td>${document.type}</td><td>${labelOf(document, world)}</td><td>${localTime(stateOf(document).at)}</td></tr>`);
  const forms = STATE_DEEDS.map((deed) => html`<form method="post" action="/state/${deed}"><button>${STATE_LABELS[deed]}</button></form>`);
  return pageReply('Pastell simulé', html`<p>Rien ici n'a de valeur : les certificats, la préfecture et la DGFiP sont faits pour la répétition. Version ${world.release.version}.</p>
${rows.length === 0 ? html`<p>Aucun document pour le moment.</p>` : html`<table><caption>Documents</caption><thead><tr><th scope="col">Titre</th><th scope="col">Type</th><th scope="col">État</th><th scope="col">Depuis</th></tr></thead><tbody>
${rows}
</tbody></table>`}
<h2>L'État</h2>
${forms}`);
}

function documentPage(document: SimulatedDocument, world: PastellWorld): HttpReply {
  const links = Object.entries(document.files).flatMap(([name, files]) => files.map((file, index) => html`<li>${name} : <a href="${addressOf(document)}/files/${name}/${String(index)}">${file.filename}</a> (${String(file.size)} octets)</li>`));
  const states = document.states.map(({ action, at, message }) => html`<tr><td>${localTime(at)}</td><td>${action}</td><td>${message}</td></tr>`);
  const values = Object.entries(document.values).filter(([, value]) => value !== '').map(([name, value]) => html`<tr><td>${name}</td><td>${value}</td></tr>`);
  return pageReply(titleOf(document, typeNamed(document.type, world)) || document.id, html`<p><a href="/">Tous les documents</a></p>
<p>${document.type} — identifiant ${document.id}</p>
<p><strong>${labelOf(document, world)}</strong></p>
<h2>Actions</h2>
${forms(document, world)}
<h2>Fichiers</h2><ul>
${links}
</ul>
<h2>Champs</h2>
<table><caption>Champs du document</caption><thead><tr><th scope="col">Champ</th><th scope="col">Valeur</th></tr></thead><tbody>
${values}
</tbody></table>
<h2>États</h2>
<table><caption>États du document</caption><thead><tr><th scope="col">Date</th><th scope="col">État</th><th scope="col">Message</th></tr></thead><tbody>
${states}
</tbody></table>`);
}

function labelOf(document: SimulatedDocument, world: PastellWorld): string {
  const { action } = stateOf(document);
  return typeNamed(document.type, world).actions[action]?.label ?? action;
}

function forms(document: SimulatedDocument, world: PastellWorld): readonly Html[] {
  const reason = html`<label>Motif <input name="words" required maxlength="250"></label> `;
  const button = (deed: Deed, label: string, field: Html | string = '') => html`<form method="post" action="${addressOf(document)}/${deed}">${field}<button>${label}</button></form>`;
  const isAct = typeNamed(document.type, world).carries === 'act';
  switch (waitsIn(document)) {
    case 'signature': return [button('sign', 'Signer'), button('refuse', 'Refuser', reason)];
    case 'state': return isAct ? [button('accept', 'La préfecture acquitte'), button('reject', 'La préfecture signale une anomalie', reason)]
      : [button('accept', 'La DGFiP accepte'), button('partial', 'La DGFiP rejette un bordereau', reason), button('reject', 'La DGFiP rejette tout', reason)];
    case 'certificate': return [button('confirm', 'Présenter le certificat et télétransmettre')];
    case 'mail': return [button('read', 'Le destinataire lit le courriel')];
    case null: return isAct && (document.values['date_ar'] ?? '') !== '' ? [button('letter', 'La préfecture écrit', html`<label>Courrier <select name="words"><option value="simple">courrier simple</option><option value="pieces">demande de pièces</option><option value="observations">lettre d'observations</option><option value="court">déféré</option></select></label> `)] : [html`<p>Rien à faire ici pour le moment.</p>`];
  }
}

/** Only what a browser shows without running anything is shown in it. */
function fileReply(file: DocumentFile | undefined, { state: { files } }: PastellWorld): HttpReply {
  if (file === undefined) return page(404, 'Fichier introuvable', 'Ce fichier n\'est plus ici.');
  const isShown = mediaTypeOf(file.filename) === 'application/pdf';
  const disposition = `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.filename).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)}`;
  return { status: 200, headers: { ...PAGE_HEADERS, 'content-type': isShown ? 'application/pdf' : 'application/octet-stream', 'content-disposition': disposition }, body: { size: file.size, open: () => files.read(file.sha256) } };
}

function addressOf({ id }: Pick<SimulatedDocument, 'id'>): string {
  return `/documents/${encodeURIComponent(id)}`;
}

function page(status: number, title: string, words: string): HttpReply {
  return pageReply(title, html`<p>${words}</p><p><a href="/">Tous les documents</a></p>`, status);
}
