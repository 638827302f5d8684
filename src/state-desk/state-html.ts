import type { HttpReply } from '../connector-kit/http-simulator.js';
import { html, pageReply, type Html } from '../connector-kit/people-page.js';
import type { DeskFile } from '../signature-desk/desk-folder.js';
import { LETTER_KINDS, type Exchange, type ExchangeStage } from './exchange.js';
import { titleOf } from './state-commands.js';
import type { StateDesk } from './state-desk.js';
import type { FlowStage, TreasuryFlow } from './treasury-flow.js';

const STAGES: Readonly<Record<FlowStage | ExchangeStage, string>> = {
  waiting: 'en attente de confirmation', 'to-sign': 'en attente de signature', posted: 'posté', queued: 'en attente de transmission', sent: 'transmis', unanswered: 'transmis, sans acquit attendu',
  acknowledged: 'acquitté', refused: 'refusé', informed: 'acquit disponible', closed: 'validé', received: 'reçu de la préfecture', receipted: 'reçu, accusé envoyé', error: 'en erreur', cancelled: 'annulé',
};

const KINDS: Readonly<Record<Exchange['kind'], string>> = { act: 'Acte', letter: 'Courrier de la préfecture', reply: 'Réponse', cancellation: 'Annulation', classification: 'Classification' };

/** All that was ever sent, the last first. */
export function listPage({ treasury, prefecture }: StateDesk): HttpReply {
  const flows = treasury.list().toReversed().map((flow) => row(flow, 'PES', flow.names?.nomFic ?? flow.file.filename));
  const exchanges = prefecture.list().toReversed().map((exchange) => row(exchange, KINDS[exchange.kind], titleOf(exchange)));
  return pageReply('Trésorerie et préfecture simulées', html`<p>Rien ici n'a de valeur : ni la trésorerie ni la préfecture ne sont les vraies.</p>
${section('Trésorerie', flows)}
<form method="post" action="/act/retour"><label>SIREN <input name="words" required pattern="[0-9]{9}" maxlength="9"></label> <button>Déposer un PES_Retour</button></form>
${section('Préfecture', exchanges)}
<p>Classification du ${prefecture.classification().date}</p>
<form method="post" action="/act/classify"><button>Changer la classification</button></form>`);
}

export function flowPage(flow: TreasuryFlow): HttpReply {
  return pageReply(flow.names?.nomFic ?? flow.file.filename, html`${head(flow)}
${fileList(flow.id, filesOfFlow(flow))}
<h2>Réponses de la trésorerie</h2>
${button(flow, 'accept', 'Accepter')}
${button(flow, 'reject', 'Rejeter', html`<label>Code <input name="words" maxlength="60" placeholder="ERREUR_SIRET"></label> `)}
${button(flow, 'partial', 'Rejeter un bordereau', html`<label>Numéro <input name="words" maxlength="7"></label> `)}
${button(flow, 'error', 'Mettre en erreur', reasonField())}
${flow.stage === 'waiting' ? button(flow, 'post', 'Poster') : ''}`);
}

export function exchangePage(exchange: Exchange): HttpReply {
  return pageReply(`${KINDS[exchange.kind]} ${titleOf(exchange)}`, html`${head(exchange)}
${fileList(exchange.id, filesOfExchange(exchange))}
<h2>Réponses de la préfecture</h2>
${actionsOn(exchange)}`);
}

/** In the order in which the page shows them. */
export function filesOfFlow({ file, acquit }: TreasuryFlow): readonly DeskFile[] {
  return acquit === null ? [file] : [file, acquit];
}

/** In the order in which the page shows them. */
export function filesOfExchange(exchange: Exchange): readonly DeskFile[] {
  const own = 'documents' in exchange ? exchange.documents : exchange.kind === 'letter' ? [exchange.archive] : [];
  return exchange.message === null ? own : [...own, exchange.message];
}

type Transaction = Pick<TreasuryFlow, 'id' | 'authority' | 'at' | 'reason'> & { readonly stage: FlowStage | ExchangeStage };

function row({ id, stage, reason, at }: Transaction, kind: string, title: string): Html {
  return html`<tr><td><a href="/transactions/${id}">${id}</a></td><td>${kind}</td><td>${title}</td><td>${STAGES[stage]}${reason === '' ? '' : ` : ${reason}`}</td><td>${instant(at)}</td></tr>`;
}

function section(title: string, rows: readonly Html[]): Html {
  if (rows.length === 0) return html`<h2>${title}</h2><p>Aucune transaction pour le moment.</p>`;
  return html`<h2>${title}</h2><table><caption>Transactions, la dernière d'abord</caption><thead><tr><th scope="col">Numéro</th><th scope="col">Genre</th><th scope="col">Objet</th><th scope="col">État</th><th scope="col">Date (UTC)</th></tr></thead><tbody>
${rows}
</tbody></table>`;
}

function head({ id, authority, at, stage, reason }: Transaction): Html {
  return html`<p><a href="/">Toutes les transactions</a></p>
<p>Transaction ${id}, de ${authority}, le ${instant(at)} (UTC)</p>
<p><strong>${STAGES[stage]}${reason === '' ? '' : ` : ${reason}`}</strong></p>`;
}

function fileList(id: string, files: readonly DeskFile[]): Html {
  return html`<h2>Documents</h2><ul>
${files.map(({ filename, mediaType, size }, index) => html`<li><a href="/transactions/${id}/files/${String(index)}">${filename}</a> (${mediaType}, ${String(size)} octets)</li>`)}
</ul>`;
}

function actionsOn(exchange: Exchange): readonly Html[] {
  const kinds = html`<label>Courrier <select name="kind">${LETTER_KINDS.map((kind) => html`<option value="${kind}">${LETTERS[kind]}</option>`)}</select></label> <label>Texte <input name="words" maxlength="250"></label> `;
  return [
    button(exchange, 'accept', 'Accuser réception'),
    ...exchange.kind === 'act' ? [button(exchange, 'anomaly', 'Signaler une anomalie', reasonField()), button(exchange, 'letter', 'Écrire', kinds)] : [],
    button(exchange, 'error', 'Mettre en erreur', reasonField()),
    ...exchange.stage === 'waiting' ? [button(exchange, 'post', 'Poster')] : [],
  ];
}

const LETTERS: Readonly<Record<(typeof LETTER_KINDS)[number], string>> = { simple: 'courrier simple', pieces: 'demande de pièces complémentaires', observations: 'lettre d\'observations', court: 'déféré au tribunal administratif' };

function reasonField(): Html {
  return html`<label>Motif <input name="words" required maxlength="250"></label> `;
}

function button({ id }: Pick<Transaction, 'id'>, action: string, label: string, field: Html | string = ''): Html {
  return html`<form method="post" action="/transactions/${id}/${action}">${field}<button>${label}</button></form>`;
}

function instant(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
