import type { Found } from '../collect/collect-from.js';
import type { Language } from '../history/words.js';
import type { SeenBehind } from './connector-rows.js';

/** What is done with deliveries at an operator's word. */
export type DeliveryAction = 'retry' | 'ask' | 'cancel' | 'resend' | 'settle' | 'await';

interface ActionWords {
  /** What would be done with so many. */
  readonly would: (count: number) => string;
  readonly done: (count: number) => string;
}

/** What the commands for deliveries and connectors say. Durations and dates come in as text. */
export interface OperatorWords {
  readonly noDelivery: string;
  readonly more: (count: number) => string;
  readonly suchAs: string;
  readonly sayYes: string;
  readonly actions: Readonly<Record<DeliveryAction, ActionWords>>;
  readonly twice: string;
  readonly noticed: string;
  readonly noConnector: string;
  readonly works: string;
  readonly unknownType: string;
  readonly simulated: string;
  readonly certificateEnds: (at: string, isOver: boolean) => string;
  /** What a system behind meeting configs is made of, seen so long ago. */
  readonly seenBehind: (seen: SeenBehind, since: string, isOld: boolean) => string;
  readonly held: (by: string, since: string, reason: string) => string;
  readonly suspended: (since: string, reason: string) => string;
  readonly nextTry: (date: string) => string;
  readonly failures: (count: number) => string;
  readonly nothingWaits: string;
  readonly count: (count: number, state: string, oldest: string) => string;
  readonly answers: string;
  readonly hold: (connector: string) => string;
  readonly release: (connector: string) => string;
  readonly notHeld: (connector: string) => string;
  readonly nothingToCollect: (connector: string) => string;
  /** One that waited over there, in one line. */
  readonly collected: (found: Found) => string;
  readonly link: (url: string, until: string) => string;
  readonly noLink: string;
  readonly moved: (title: string, from: string, to: string) => string;
}

const FRENCH: OperatorWords = {
  noDelivery: 'Aucune transmission.',
  more: (count) => `… et ${count} de plus : --limit en montre davantage.`,
  suchAs: 'Par exemple :',
  sayYes: 'Rien n\'a été changé. Ajoutez --yes pour le faire.',
  actions: {
    retry: { would: (count) => `${transmissions(count)} à relancer.`, done: (count) => `${transmissions(count)} ${count < 2 ? 'relancée' : 'relancées'}.` },
    ask: { would: (count) => `Réponse à demander pour ${transmissions(count)}.`, done: (count) => `Réponse demandée pour ${transmissions(count)}.` },
    cancel: { would: (count) => `${transmissions(count)} à annuler, avec les étapes qui les suivent.`, done: (count) => `${transmissions(count)} ${count < 2 ? 'annulée' : 'annulées'}, ou dont l'annulation est demandée au destinataire.` },
    resend: { would: (count) => `${transmissions(count)} à renvoyer.`, done: (count) => `${transmissions(count)} à nouveau en route, sous une nouvelle clé.` },
    settle: { would: (count) => `${transmissions(count)} à tenir pour ${count < 2 ? 'reçue' : 'reçues'}, si le destinataire ${count < 2 ? 'l\'a' : 'les a'}.`, done: (count) => `${transmissions(count)} ${count < 2 ? 'terminée' : 'terminées'} ; les étapes suivantes continuent.` },
    await: { would: (count) => `Réponse à attendre pour ${transmissions(count)}, que le destinataire a.`, done: (count) => `${transmissions(count)} à nouveau en attente de réponse, dès que Relais l'a reconnue chez le destinataire ; rien n'est renvoyé.` },
  },
  twice: 'Attention : un renvoi ne vérifie rien chez le destinataire, qui peut recevoir deux fois la même chose. Pour un envoi à l\'arrêt, `relais deliveries retry` vérifie d\'abord.',
  noticed: 'Une passerelle en marche s\'en aperçoit en 2 secondes.',
  noConnector: 'Aucun connecteur.',
  works: 'en marche',
  unknownType: 'n\'est plus dans la configuration',
  simulated: 'simulé, rien ne sort',
  certificateEnds: (at, isOver) => (isOver ? `son certificat a expiré le ${at} : rien ne passe plus avant qu'il soit remplacé` : `son certificat expire le ${at}`),
  seenBehind: ({ version, meetingConfigs, organisations, meetings }, since, isOld) =>
    `vu il y a ${since} : version ${version}, ${several(meetingConfigs, 'type de séance', 'types de séance')}, ${several(organisations, 'service', 'services')}, ${several(meetings, 'séance', 'séances')}${isOld ? ' ; pas depuis : il ne répond pas, ou la passerelle est arrêtée' : ''}`,
  held: (by, since, reason) => `arrêté par ${by} depuis ${since} : ${reason}`,
  suspended: (since, reason) => `envois suspendus depuis ${since} : ${reason}`,
  nextTry: (date) => `prochain essai, avec une seule transmission : ${date}`,
  failures: (count) => `${count} ${count < 2 ? 'échec' : 'échecs'} de suite`,
  nothingWaits: 'rien n\'attend',
  count: (count, state, oldest) => `${state} : ${count}, ${count < 2 ? '' : 'la plus ancienne '}depuis ${oldest}`,
  answers: 'répond',
  hold: (connector) => `${connector} est à l'arrêt : ce qui est en cours se termine, plus rien ne part ensuite, jusqu'à \`relais connectors release ${connector}\`.`,
  release: (connector) => `${connector} est remis en route.`,
  notHeld: (connector) => `${connector} n'était ni arrêté ni suspendu : rien à changer.`,
  nothingToCollect: (connector) => `${connector} : rien n'attend.`,
  collected: (found) => collectedLine(found, { kept: 'nouveau point', known: 'déjà gardé', gone: 'n\'y est plus', failed: 'n\'a pas pu être pris' }, ' : '),
  link: (url, until) => `${url}\nValable jusqu'au ${until}. Cette adresse ouvre une session : ne la donnez qu'à la personne qui doit agir là-bas.`,
  noLink: 'Cette transmission n\'attend personne.',
  moved: (title, from, to) => `« ${title} » : ${from} → ${to}.`,
};

const ENGLISH: OperatorWords = {
  noDelivery: 'No delivery.',
  more: (count) => `… and ${count} more: --limit shows more of them.`,
  suchAs: 'Such as:',
  sayYes: 'Nothing was changed. Add --yes to do it.',
  actions: {
    retry: { would: (count) => `${deliveries(count)} to retry.`, done: (count) => `${deliveries(count)} started again.` },
    ask: { would: (count) => `The answer to ${deliveries(count)} to be asked for.`, done: (count) => `The answer to ${deliveries(count)} is asked for.` },
    cancel: { would: (count) => `${deliveries(count)} to cancel, with the steps behind them.`, done: (count) => `${deliveries(count)} cancelled, or the other side is asked to cancel.` },
    resend: { would: (count) => `${deliveries(count)} to send again.`, done: (count) => `${deliveries(count)} under way again, with a new key.` },
    settle: { would: (count) => `${deliveries(count)} to take for received, if the other side has ${count === 1 ? 'it' : 'them'}.`, done: (count) => `${deliveries(count)} done; the next steps go on.` },
    await: { would: (count) => `The answer to ${deliveries(count)} to be awaited, which the other side has.`, done: (count) => `${deliveries(count)} waiting for an answer again, as soon as Relais has recognised it on the other side; nothing is sent again.` },
  },
  twice: 'Beware: sending again asks the other side nothing, so that it may get the same thing twice. For a delivery that stopped, `relais deliveries retry` asks first.',
  noticed: 'A running gateway notices within 2 seconds.',
  noConnector: 'No connector.',
  works: 'works',
  unknownType: 'is not in the configuration any more',
  simulated: 'simulated, nothing leaves',
  certificateEnds: (at, isOver) => (isOver ? `its certificate ended on ${at}: nothing passes until it is replaced` : `its certificate ends on ${at}`),
  seenBehind: ({ version, meetingConfigs, organisations, meetings }, since, isOld) =>
    `seen ${since} ago: version ${version}, ${many(meetingConfigs, 'meeting config')}, ${many(organisations, 'organisation')}, ${many(meetings, 'meeting')}${isOld ? '; not since: it does not answer, or the gateway is stopped' : ''}`,
  held: (by, since, reason) => `stopped by ${by} for ${since}: ${reason}`,
  suspended: (since, reason) => `sending suspended for ${since}: ${reason}`,
  nextTry: (date) => `next attempt, with one delivery: ${date}`,
  failures: (count) => `${count} ${count === 1 ? 'failure' : 'failures'} in a row`,
  nothingWaits: 'nothing waits',
  count: (count, state, oldest) => `${state}: ${count}, ${count === 1 ? '' : 'the oldest '}for ${oldest}`,
  answers: 'answers',
  hold: (connector) => `${connector} is stopped: what is under way ends, nothing leaves after that until \`relais connectors release ${connector}\`.`,
  release: (connector) => `${connector} is started again.`,
  notHeld: (connector) => `${connector} was neither stopped nor suspended: nothing to change.`,
  nothingToCollect: (connector) => `${connector}: nothing waits.`,
  collected: (found) => collectedLine(found, { kept: 'new item', known: 'kept before', gone: 'not there any more', failed: 'could not be taken' }, ': '),
  link: (url, until) => `${url}\nValid until ${until}. This address opens a session: give it only to the person who has to act there.`,
  noLink: 'This delivery waits for nobody.',
  moved: (title, from, to) => `“${title}”: ${from} → ${to}.`,
};

/** The words of a language. */
export function operatorWords(language: Language): OperatorWords {
  return language === 'fr' ? FRENCH : ENGLISH;
}

function transmissions(count: number): string {
  return several(count, 'transmission', 'transmissions');
}

function deliveries(count: number): string {
  return `${count} ${count === 1 ? 'delivery' : 'deliveries'}`;
}

/** In French, where none is one. */
function several(count: number, one: string, more: string): string {
  return `${count} ${count < 2 ? one : more}`;
}

/** In English. */
function many(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

function collectedLine(found: Found, words: Readonly<Record<Found['became'], string>>, colon: string): string {
  const more = found.became === 'kept' ? `${colon}${found.uid}  ${found.title}` : found.became === 'failed' ? `${colon}${found.reason}` : '';
  return `${found.key}  ${words[found.became]}${more}`;
}
