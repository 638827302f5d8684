import type { HttpReply } from '../connector-kit/http-simulator.js';
import { html, pageReply, type Html } from '../connector-kit/people-page.js';
import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import { wallClock } from '../domain/wall-clock.js';
import { plainText } from './catalog.js';
import type { CouncilDesk } from './council-desk.js';
import type { DeskItem } from './desk-item.js';
import { VERDICTS, type Verdict } from './people-acts.js';
import { wayTo } from './take-transition.js';
import { configOf } from './town-rights.js';

const VERDICT_TITLES: Readonly<Record<Verdict, string>> = { accept: 'Accepter', modify: 'Accepter en modifiant', refuse: 'Refuser', delay: 'Reporter' };

/** All items, the last first. */
export function listPage(desk: CouncilDesk): HttpReply {
  const town = desk.town();
  const rows = desk.items().toReversed().map((item) => html`<tr><td><a href="/points/${item.uid}">${item.title}</a></td><td>${configOf(town, item)?.title ?? item.configId}</td><td>${stateTitle(town, item)}</td><td>${meetingTitle(town, item)}</td><td>${item.externalIdentifier}</td><td>${instant(item.createdAt)}</td></tr>`);
  const table = rows.length === 0 ? html`<p>Aucun point pour le moment.</p>` : html`<table><caption>Points, le dernier d'abord</caption><thead><tr><th scope="col">Titre</th><th scope="col">Configuration</th><th scope="col">État</th><th scope="col">Séance</th><th scope="col">Identifiant externe</th><th scope="col">Créé (UTC)</th></tr></thead><tbody>
${rows}
</tbody></table>`;
  return pageReply('PloneMeeting simulé', html`<p>Rien ici n'a de valeur : ce n'est pas le vrai PloneMeeting de ${town.title}.</p>
${table}`);
}

/** One item, with what can be done with it as it stands. */
export function itemPage(item: DeskItem, desk: CouncilDesk): HttpReply {
  const town = desk.town();
  const config = configOf(town, item);
  const group = town.organisations.find(({ uid }) => uid === item.proposingGroup);
  return pageReply(item.title, html`<p><a href="/">Tous les points</a></p>
<p>Point de ${group?.title ?? 'un service qui n\'existe plus'}, créé par ${item.creator} le ${instant(item.createdAt)} (UTC), UID ${item.uid}</p>
<p><strong>${stateTitle(town, item)}</strong>${item.meeting === null ? '' : `, séance du ${meetingTitle(town, item)}`}</p>
${text('Description', item.description)}${text('Motivation', item.motivation)}${text('Décision', item.decision)}
${annexList(item)}
<h2>Décider</h2>
${config === undefined ? html`<p>La configuration ${item.configId} n'existe plus.</p>` : actionsOn(item, config, town.ws4pm.timeZone)}
${form(item, 'write', 'Écrire la décision', html`<label>Texte <input name="words" size="50" value="${plainText(item.decision)}"></label> `)}
${form(item, 'move', 'Déplacer le point')}
${form(item, 'delete', 'Supprimer le point')}
<h2>Historique</h2><ul>
${item.history.map(({ at, actor, action, comment }) => html`<li>${instant(at)} : ${action}, ${actor}${comment === '' ? '' : ` (${comment})`}</li>`)}
</ul>`);
}

/** Only what is possible as the item stands. Meetings are told by the clocks of the town. */
function actionsOn(item: DeskItem, config: MeetingConfig, timeZone: string): readonly Html[] {
  const { workflow, meetings } = config;
  const isBefore = workflow.transitions.filter(({ needsMeeting }) => needsMeeting).some(({ to }) => (wayTo(config, item.state, to) ?? []).length > 0);
  const open = meetings.filter(({ state }) => config.preferredMeetingStates.includes(state));
  const steps = workflow.transitions.filter(({ from, needsMeeting }) => from.includes(item.state) && !needsMeeting);
  const verdicts = Object.entries(VERDICTS).filter(([, state]) => item.state !== state && wayTo(config, item.state, state) !== null);
  return [
    ...steps.length === 0 ? [] : [form(item, 'step', 'Faire', html`<label>Étape <select name="transition">${steps.map(({ id, title }) => html`<option value="${id}">${title}</option>`)}</select></label> `)],
    ...isBefore && open.length > 0 ? [form(item, 'present', 'Mettre en séance', html`<label>Séance <select name="meeting">${open.map(({ uid, date }) => html`<option value="${uid}">${instant(wallClock(timeZone, date))}</option>`)}</select></label> `)] : [],
    ...verdicts.map(([verdict]) => form(item, verdict, VERDICT_TITLES[verdict as Verdict], html`<label>Texte de la décision <input name="words" size="50"></label> `)),
  ];
}

function annexList({ uid, annexes }: DeskItem): Html {
  if (annexes.length === 0) return html`<p>Aucune annexe.</p>`;
  return html`<h2>Annexes</h2><ul>
${annexes.map((annex) => html`<li><a href="/points/${uid}/annexes/${annex.uid}">${annex.title}</a> (${annex.filename}, ${String(annex.size)} octets)</li>`)}
</ul>`;
}

function text(title: string, content: string): Html {
  return content === '' ? html`` : html`<h2>${title}</h2><p>${plainText(content)}</p>`;
}

function form({ uid }: DeskItem, action: string, title: string, fields: Html = html``): Html {
  return html`<form method="post" action="/points/${uid}/${action}">${fields}<button>${title}</button></form>`;
}

function stateTitle(town: SimulatedTown, item: DeskItem): string {
  return configOf(town, item)?.workflow.states.find(({ id }) => id === item.state)?.title ?? item.state;
}

function meetingTitle(town: SimulatedTown, { meeting }: DeskItem): string {
  const found = town.meetingConfigs.flatMap(({ meetings }) => meetings).find(({ uid }) => uid === meeting);
  return found === undefined ? '' : instant(wallClock(town.ws4pm.timeZone, found.date));
}

/** In words that a clerk reads. */
function instant(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
