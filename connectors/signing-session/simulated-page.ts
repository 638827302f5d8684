import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { html, pageReply, type Html } from '../../src/connector-kit/people-page.js';
import type { SimulatedSession } from './simulated-session.js';

const STATES: Readonly<Record<string, string>> = {
  to_create_session: 'en préparation', session_creation_failed: 'non créée', to_sign: 'à signer', refused: 'refusée', to_upload: 'signée, fichiers non rendus',
  completed: 'signée', cancelled: 'reprise',
};

/** All sessions, the last one first, with a link for each signer. */
export function sessionsPage(sessions: readonly SimulatedSession[]): HttpReply {
  const rows = sessions.toReversed().map((session) => html`<section><h2>${session.name}</h2>
<p>Séance ${session.id} : <strong>${stateOf(session)}</strong>${session.message === '' ? '' : ` (${session.message})`}</p>
${documentList(session)}
<ul>${session.users.map((email) => html`<li>${signerLine(session, email)}</li>`)}</ul></section>`);
  return pageReply('Séances de signature simulées', rows.length === 0 ? html`<p>Aucune séance. Envoyez un point : sa séance apparaît ici.</p>` : html`${rows}`);
}

/** Where one signer signs or refuses. `problem`: why that was not possible just now. */
export function signerPage(session: SimulatedSession, email: string, problem = ''): HttpReply {
  const hasSigned = session.signed.includes(email);
  const forms = html`<form method="post"><input type="hidden" name="do" value="sign"><button>Signer tous les documents</button></form>
<form method="post"><input type="hidden" name="do" value="refuse"><label>Motif du refus <input name="reason" required maxlength="500"></label> <button>Refuser toute la séance</button></form>`;
  return pageReply(session.name, html`<p>Signataire : ${email}</p>${problem === '' ? '' : html`<p role="alert">${problem}</p>`}${documentList(session)}
${session.state === 'to_sign' && !hasSigned ? forms : html`<p>Rien à signer : ${hasSigned ? 'déjà signé' : stateOf(session)}.</p>`}
<p><a href="/">Toutes les séances</a></p>`, problem === '' ? 200 : 409);
}

export function linkOf(session: Pick<SimulatedSession, 'id'>, email: string): string {
  return `/sign/${encodeURIComponent(session.id)}/${encodeURIComponent(email)}`;
}

function stateOf({ state }: SimulatedSession): string {
  return STATES[state] ?? state;
}

function signerLine(session: SimulatedSession, email: string): string | Html {
  if (session.signed.includes(email)) return `${email} : a signé`;
  if (session.refused === email) return `${email} : a refusé`;
  return session.state === 'to_sign' ? html`<a href="${linkOf(session, email)}">${email}</a>` : email;
}

function documentList({ id, documents }: SimulatedSession): Html {
  return html`<ul>${documents.map(({ code, filename }) => html`<li><a href="/documents/${encodeURIComponent(id)}/${encodeURIComponent(code)}">${filename}</a></li>`)}</ul>`;
}
