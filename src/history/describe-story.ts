import type { Delivery, DeliveryState } from '../domain/delivery.js';
import type { ItemStory } from './store.js';

export type Language = 'fr' | 'en';

interface Words {
  readonly item: (title: string, uid: string) => string;
  readonly identity: (id: string, creator: string, source: string) => string;
  readonly state: (state: string) => string;
  readonly annexes: (count: number) => string;
  readonly noDelivery: string;
  readonly colon: string;
  readonly step: (step: string, connector: string) => string;
  readonly deliveryStates: Readonly<Record<DeliveryState, string>>;
  readonly reference: (reference: string) => string;
  readonly attempts: (count: number) => string;
  readonly due: (date: string) => string;
  readonly uncertain: string;
  readonly by: (actor: string) => string;
  readonly events: Readonly<Record<string, string>>;
  /** Actions of the workflow that are not named by a person. */
  readonly actions: Readonly<Record<string, string>>;
}

const FRENCH: Words = {
  item: (title, uid) => `« ${title} » (${uid})`,
  identity: (id, creator, source) => `identifiant ${id}, créé par ${creator}, reçu de ${source}`,
  state: (state) => `état : ${state}`,
  annexes: (count) => (count < 2 ? `${count} annexe` : `${count} annexes`),
  colon: ' : ',
  noDelivery: 'aucune transmission prévue : le point est conservé ici',
  step: (step, connector) => `étape ${step} (${connector})`,
  deliveryStates: {
    waiting: 'attend l\'étape précédente', ready: 'prête à partir', sending: 'en cours d\'envoi', sent: 'envoyée, réponse attendue',
    done: 'terminée', rejected: 'refusée par le destinataire', parked: 'à l\'arrêt, une personne doit intervenir', cancelled: 'annulée',
  },
  reference: (reference) => `référence chez le destinataire : ${reference}`,
  attempts: (count) => (count === 1 ? '1 essai' : `${count} essais`),
  due: (date) => `prochain essai : ${date}`,
  uncertain: 'un envoi a commencé : sa présence chez le destinataire sera vérifiée avant tout renvoi',
  by: (actor) => `par ${actor}`,
  events: {
    'item.accepted': 'accepté et conservé', 'item.routing-problem': 'une règle de routage n\'a pas pu être appliquée',
    'delivery.claimed': 'envoi commencé', 'delivery.marked': 'envoi irréversible sur le point de partir', 'delivery.sent': 'envoyé, réponse attendue',
    'delivery.done': 'étape terminée', 'delivery.ready': 'prêt pour un essai', 'delivery.parked': 'mis à l\'arrêt',
    'delivery.lease-expired': 'envoi interrompu, repris',
  },
  actions: { create_item_using_imio_pm_ws_soap: 'créé' },
};

const ENGLISH: Words = {
  item: (title, uid) => `“${title}” (${uid})`,
  identity: (id, creator, source) => `id ${id}, created by ${creator}, received from ${source}`,
  state: (state) => `state: ${state}`,
  annexes: (count) => (count === 1 ? '1 annex' : `${count} annexes`),
  colon: ': ',
  noDelivery: 'no delivery planned: the item is kept here',
  step: (step, connector) => `step ${step} (${connector})`,
  deliveryStates: {
    waiting: 'waits for the step before', ready: 'ready to go', sending: 'being sent', sent: 'sent, answer awaited',
    done: 'done', rejected: 'refused by the other side', parked: 'stopped, a person is needed', cancelled: 'cancelled',
  },
  reference: (reference) => `reference on the other side: ${reference}`,
  attempts: (count) => (count === 1 ? '1 attempt' : `${count} attempts`),
  due: (date) => `next attempt: ${date}`,
  uncertain: 'a transmission was begun: the other side is asked before anything is sent again',
  by: (actor) => `by ${actor}`,
  events: {
    'item.accepted': 'accepted and kept', 'item.routing-problem': 'a routing rule could not be applied',
    'delivery.claimed': 'sending begun', 'delivery.marked': 'about to be sent for good', 'delivery.sent': 'sent, answer awaited',
    'delivery.done': 'step done', 'delivery.ready': 'ready for an attempt', 'delivery.parked': 'stopped',
    'delivery.lease-expired': 'sending interrupted, taken up again',
  },
  actions: { create_item_using_imio_pm_ws_soap: 'created' },
};

/** What became of an item, line by line and in plain words: where it is now, then what happened, oldest first. Dates are
 * shown in `timeZone` (IANA name). */
export function describeStory(story: ItemStory, language: Language, timeZone = 'UTC'): string[] {
  const words = language === 'fr' ? FRENCH : ENGLISH;
  const date = dateWriter(timeZone);
  const { item } = story;
  return [
    words.item(item.title, item.uid),
    `  ${words.identity(item.id, item.creator, item.source)}`,
    `  ${words.state(item.reviewState)}, ${words.annexes(item.annexes.length)}`,
    ...(story.deliveries.length === 0 ? [`  ${words.noDelivery}`] : story.deliveries.flatMap((delivery) => deliveryLines(delivery, words, date))),
    ...timeline(story, words, date),
  ];
}

/** Day/month/year and the hour, the same in both languages and in every version of the locale data. */
function dateWriter(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  });
  return (at) => {
    const { day = '', month = '', year = '', hour = '', minute = '', second = '' } = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${day}/${month}/${year} ${hour}:${minute}:${second}`;
  };
}

function deliveryLines(delivery: Delivery, words: Words, date: (at: number) => string): string[] {
  const lines = [`  ${words.step(delivery.step, delivery.connector)}${words.colon}${words.deliveryStates[delivery.state]}`];
  if (delivery.reason !== null) lines.push(`    ${delivery.reason}`);
  if (delivery.remoteReference !== null) lines.push(`    ${words.reference(delivery.remoteReference)}`);
  if (delivery.attempts > 0) lines.push(`    ${words.attempts(delivery.attempts)}`);
  if (delivery.state === 'ready' && delivery.attempts > 0) lines.push(`    ${words.due(date(delivery.dueAt))}`);
  if (delivery.markedAt !== null && (delivery.state === 'ready' || delivery.state === 'parked')) lines.push(`    ${words.uncertain}`);
  return lines;
}

/** Workflow history and journal in one, by time. */
function timeline({ history, journal }: ItemStory, words: Words, date: (at: number) => string): string[] {
  const steps = history.map(({ at, actor, action, toState }) => ({ at, text: `${words.actions[action] ?? action}${toState === null ? '' : ` → ${toState}`}, ${words.by(actor)}` }));
  const facts = journal.map(({ at, actor, event, data }) => ({ at, text: `${words.events[event] ?? event}${detail(data)}, ${words.by(actor)}` }));
  return [...facts, ...steps].toSorted((a, b) => a.at - b.at).map(({ at, text }) => `  ${date(at)}  ${text}`);
}

function detail(data: Readonly<Record<string, unknown>>): string {
  const parts = [data['step'], data['reason'], data['problem'], data['remoteReference']].filter((part) => typeof part === 'string');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
