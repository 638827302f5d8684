import type { SimulatedSession } from './simulated-session.js';

const STATES: Readonly<Record<string, string>> = {
  to_create_session: 'en préparation', session_creation_failed: 'non créée', to_sign: 'à signer', refused: 'refusée', to_upload: 'signée, fichiers non rendus',
  completed: 'signée', cancelled: 'reprise',
};

/** All sessions, the last one first, with a link for each signer. */
export function sessionsPage(sessions: readonly SimulatedSession[]): string {
  const rows = sessions.toReversed().map((session) => `<section><h2>${text(session.name)}</h2>
<p>Séance ${text(session.id)} : <strong>${text(STATES[session.state] ?? session.state)}</strong>${session.message === '' ? '' : ` (${text(session.message)})`}</p>
${documentList(session)}
<ul>${session.users.map((email) => `<li>${signerLine(session, email)}</li>`).join('')}</ul></section>`);
  return page('Séances de signature simulées', rows.length === 0 ? '<p>Aucune séance. Envoyez un point : sa séance apparaît ici.</p>' : rows.join('\n'));
}

/** Where one signer signs or refuses. */
export function signerPage(session: SimulatedSession, email: string, problem = ''): string {
  const open = session.state === 'to_sign' && !session.signed.includes(email);
  const forms = `<form method="post"><input type="hidden" name="do" value="sign"><button>Signer tous les documents</button></form>
<form method="post"><input type="hidden" name="do" value="refuse"><label>Motif du refus <input name="reason" required maxlength="500"></label> <button>Refuser toute la séance</button></form>`;
  return page(session.name, `<p>Signataire : ${text(email)}</p>${problem === '' ? '' : `<p role="alert">${text(problem)}</p>`}${documentList(session)}
${open ? forms : `<p>Rien à signer : ${text(session.signed.includes(email) ? 'déjà signé' : STATES[session.state] ?? session.state)}.</p>`}
<p><a href="/">Toutes les séances</a></p>`);
}

export function linkOf(session: Pick<SimulatedSession, 'id'>, email: string): string {
  return `/sign/${encodeURIComponent(session.id)}/${encodeURIComponent(email)}`;
}

function signerLine(session: SimulatedSession, email: string): string {
  if (session.signed.includes(email)) return `${text(email)} : a signé`;
  if (session.refused === email) return `${text(email)} : a refusé`;
  return session.state === 'to_sign' ? `<a href="${linkOf(session, email)}">${text(email)}</a>` : text(email);
}

function documentList({ id, documents }: SimulatedSession): string {
  return `<ul>${documents.map(({ code, filename }) => `<li><a href="/documents/${encodeURIComponent(id)}/${encodeURIComponent(code)}">${text(filename)}</a></li>`).join('')}</ul>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}section{border-top:1px solid #999}form{margin:1rem 0}</style></head>
<body><h1>${text(title)}</h1>${body}</body></html>`;
}

function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
