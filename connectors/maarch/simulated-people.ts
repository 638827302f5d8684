import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { readText } from '../../src/connector-kit/http-text.js';
import { html, isOwnPage, pageReply, type Html } from '../../src/connector-kit/people-page.js';
import { STATUSES } from './simulated-catalogue.js';
import type { Letter, Office } from './simulated-office.js';

export const PEOPLE_COMMANDS = ['list', 'status <resId> <status>', 'note <resId> <words>', 'answer <resId> <title>: a signed answer', 'delete <resId>'] as const;

/** What an agent does in Maarch, by a word; the answer in lines, undefined for what is not known. */
export async function actAs(typed: string, office: Office): Promise<readonly string[] | undefined> {
  const [word = '', number = '', ...words] = typed.trim().split(/\s+/);
  const said = words.join(' ');
  if (word === 'list') return office.letters().map(({ resId, status, members }) => `${resId} ${status} ${String(members['subject'])}`);
  if (!['status', 'note', 'answer', 'delete'].includes(word)) return undefined;
  const letter = office.letter(Number(number));
  if (letter === undefined) return [`there is no letter ${number}`];
  const done = act(word, letter, said, office);
  await office.save();
  return [done];
}

function act(word: string, letter: Letter, said: string, office: Office): string {
  if (word === 'status') {
    if (STATUSES[said] === undefined) return `there is no status ${said}: ${Object.keys(STATUSES).join(', ')}`;
    letter.status = said;
  } else if (word === 'note') office.note(letter, said);
  else if (word === 'answer') signedAnswer(letter, said === '' ? 'Réponse' : said, Buffer.from(`%PDF-1.7 ${said}\n`), office);
  else letter.status = 'DEL';
  return `${letter.resId}: ${word} ${said}`.trim();
}

/** An attachment with the signed one behind it, as a signature makes them. */
export function signedAnswer({ resId }: Letter, title: string, content: Buffer, office: Office): void {
  const file = { sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
  const both = { resIdMaster: resId, title, format: 'pdf', file, content: content.toString('base64') };
  const signed = office.attach({ ...both, type: 'signed_response', status: 'TRA', signedResponse: null });
  office.attach({ ...both, type: 'response_project', status: 'SIGN', signedResponse: signed.id, content: Buffer.from('the draft').toString('base64') });
}

/** The page on which an agent acts: `/`, and `/act` for its forms. Undefined for what is not addressed to it. */
export async function answerPage(request: IncomingMessage, { pathname }: URL, office: Office): Promise<HttpReply | undefined> {
  if (pathname !== '/' && pathname !== '/act') return undefined;
  if (!isOwnPage(request)) return pageReply('Refusé', html`<p>Cette page ne répond qu'à cette machine.</p>`, 403);
  if (pathname === '/') return pageReply('Maarch Courrier (simulé)', html`<table><tr><th>N°</th><th>Objet</th><th>Statut</th><th>Pièces</th><th>Agir</th></tr>${office.letters().map((letter) => row(letter, office))}</table>`);
  const form = new URLSearchParams(await readText(request));
  await actAs(`${form.get('word') ?? ''} ${form.get('number') ?? ''} ${form.get('said') ?? ''}`, office);
  return { status: 303, headers: { location: '/' } };
}

function row(letter: Letter, office: Office): Html {
  const { resId, chrono, status, members, notes } = letter;
  return html`<tr><td>${chrono ?? String(resId)}</td><td>${String(members['subject'])}${notes.map(({ value }) => html`<br><em>${value}</em>`)}</td>
<td>${STATUSES[status] ?? status}</td><td>${office.attachments(resId).map(({ title }) => html`${title}<br>`)}</td>
<td>${form(resId, 'status', 'Statut', 'END')}${form(resId, 'note', 'Note', '')}${form(resId, 'answer', 'Réponse signée', 'Réponse')}${form(resId, 'delete', 'Supprimer', '')}</td></tr>`;
}

function form(resId: number, word: string, label: string, said: string): Html {
  return html`<form method="post" action="/act"><input type="hidden" name="word" value="${word}"><input type="hidden" name="number" value="${String(resId)}">
<input name="said" value="${said}" aria-label="${label}"> <button>${label}</button></form>`;
}
