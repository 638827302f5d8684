import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { html, isOwnPage, pageReply } from '../../src/connector-kit/people-page.js';
import { ACCOUNT } from './simulated-face.js';
import type { Entry, Vault } from './simulated-vault.js';

export const PEOPLE_COMMANDS = ['list', 'delete <id>', 'rename <id> <name>', 'checkout <id>: by somebody else', 'checkin <id>'] as const;

const SOMEBODY = 'mlambert';

/** What people do in the repository, by a word; the answer in lines, undefined for what is not known. */
export async function actAs(typed: string, vault: Vault): Promise<readonly string[] | undefined> {
  const [word = '', id = '', ...words] = typed.trim().split(/\s+/);
  if (word === 'list') return documentsOf(vault).map((entry) => `${entry.id} ${vault.pathOf(entry)} ${entry.versions.at(-1)?.label ?? ''}${entry.checkedOutBy === null ? '' : ` checked out by ${entry.checkedOutBy}`}`);
  const act = ACTS[word];
  if (act === undefined) return undefined;
  const entry = documentsOf(vault).find((one) => one.id === id);
  if (entry === undefined) return [`there is no document ${id}`];
  act(entry, words.join(' '), vault);
  await vault.save();
  return [`${id}: ${word}`];
}

const ACTS: Readonly<Record<string, (entry: Entry, words: string, vault: Vault) => void>> = {
  delete: (entry, _words, vault) => { vault.remove(entry); },
  rename: (entry, words) => { entry.name = words; },
  checkout: (entry) => { entry.checkedOutBy = SOMEBODY; },
  checkin: (entry) => { entry.checkedOutBy = null; },
};

/** What the repository holds, to be read. Undefined for what is not addressed to it. */
export function answerPage(request: IncomingMessage, { pathname }: URL, vault: Vault): HttpReply | undefined {
  if (pathname !== '/') return undefined;
  if (!isOwnPage(request)) return pageReply('Refusé', html`<p>Cette page ne répond qu'à cette machine.</p>`, 403);
  const rows = documentsOf(vault).map((entry) => html`<tr><td>${entry.id}</td><td>${vault.pathOf(entry)}</td><td>${entry.type}</td>
<td>${entry.versions.map(({ label, comment }) => html`${label} ${comment}<br>`)}</td><td>${entry.checkedOutBy === ACCOUNT ? 'Relais' : entry.checkedOutBy ?? ''}</td></tr>`);
  return pageReply('GED (simulée)', html`<table><tr><th>N°</th><th>Chemin</th><th>Type</th><th>Versions</th><th>Réservé par</th></tr>${rows}</table>`);
}

export function documentsOf(vault: Vault): readonly Entry[] {
  return vault.entries().filter(({ kind, parentId }) => kind === 'cmis:document' && parentId !== 'trash');
}
