import type { HttpReply } from '../connector-kit/http-simulator.js';
import { html, pageReply, type Html } from '../connector-kit/people-page.js';
import { statusOf } from './circuit.js';
import type { DeskFile, DeskFolder, FolderState } from './desk-folder.js';
import type { StepKind } from './desk-types.js';

const STATES: Readonly<Record<FolderState, string>> = { draft: 'Brouillon', running: 'En cours', finished: 'Terminé', rejected: 'Rejeté', recalled: 'Récupéré' };
const STEPS: Readonly<Record<StepKind, string>> = { visa: 'visa', sign: 'signature', seal: 'cachet', mail: 'courriel sécurisé' };

/** All folders that lie there. */
export function listPage(folders: readonly DeskFolder[]): HttpReply {
  const rows = folders.toReversed().map((folder) => html`<tr><td><a href="${addressOf(folder)}">${folder.title}</a></td><td>${folder.type} / ${folder.subtype}</td><td>${STATES[folder.state]}${waitingFor(folder)}</td><td>${statusOf(folder)}</td><td>${folder.deadline ?? ''}</td></tr>`);
  const table = html`<table><caption>Dossiers du parapheur</caption><thead><tr><th scope="col">Titre</th><th scope="col">Type</th><th scope="col">État</th><th scope="col">Statut</th><th scope="col">Date limite</th></tr></thead><tbody>
${rows}
</tbody></table>`;
  return pageReply('Parapheur simulé', html`<p>Rien ici n'a de valeur : les certificats sont faits pour la répétition.</p>
${folders.length === 0 ? html`<p>Aucun dossier pour le moment.</p>` : table}`);
}

/** One folder: what it holds, what can be done with it, what happened to it. */
export function folderPage(folder: DeskFolder, files: readonly DeskFile[]): HttpReply {
  const links = files.map(({ filename, mediaType, size }, index) => html`<li><a href="${addressOf(folder)}/files/${String(index)}">${filename}</a> (${mediaType}, ${String(size)} octets)</li>`);
  const rows = folder.history.map(({ at, actor, status, annotation }) => html`<tr><td>${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}</td><td>${actor}</td><td>${status}</td><td>${annotation}</td></tr>`);
  return pageReply(folder.title, html`<p><a href="/">Tous les dossiers</a></p>
<p>${folder.type} / ${folder.subtype} — identifiant ${folder.id}</p>
<p><strong>${STATES[folder.state]}${waitingFor(folder)}</strong></p>
<h2>Documents</h2><ul>
${links}
</ul>
<h2>Actions</h2>
${actionForms(folder)}
<h2>Historique</h2>
<table><caption>Historique du dossier</caption><thead><tr><th scope="col">Date (UTC)</th><th scope="col">Acteur</th><th scope="col">Statut</th><th scope="col">Annotation</th></tr></thead><tbody>
${rows}
</tbody></table>`);
}

export function addressOf({ id }: Pick<DeskFolder, 'id'>): string {
  return `/folders/${encodeURIComponent(id)}`;
}

function waitingFor({ state, circuit, step }: DeskFolder): string {
  const waiting = state === 'running' ? circuit[step] : undefined;
  return waiting === undefined ? '' : ` : ${STEPS[waiting.kind]} de ${waiting.actor}`;
}

function actionForms(folder: DeskFolder): readonly Html[] {
  const button = (action: string, label: string, field: Html | string = '') => html`<form method="post" action="${addressOf(folder)}/${action}">${field}<button>${label}</button></form>`;
  const annotation = html`<label>Annotation <input name="words" maxlength="512"></label> `;
  const reason = html`<label>Motif <input name="words" required maxlength="512"></label> `;
  const until = html`<label>Jusqu'au <input name="words" type="date" required></label> `;
  const steps: Readonly<Record<StepKind, readonly Html[]>> = {
    visa: [button('visa', 'Viser', annotation)],
    sign: [button('sign', 'Signer', annotation), button('paper-sign', 'Signer sur papier')],
    seal: [button('seal', 'Apposer le cachet')],
    mail: [button('send-mail', 'Courriel lu')],
  };
  const kind = folder.state === 'running' ? folder.circuit[folder.step]?.kind : undefined;
  return [
    ...kind === undefined ? [] : [button('read', 'Lire'), ...steps[kind], button('refuse', 'Refuser', reason), button('delay', 'Retarder', until), button('recall', 'Récupérer')],
    ...folder.state === 'rejected' || folder.state === 'recalled' ? [button('recycle', 'Remettre dans le circuit')] : [],
    button('delete', 'Supprimer'),
  ];
}
