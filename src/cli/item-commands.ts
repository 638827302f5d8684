import type { Command } from 'commander';
import { FORWARD_STEP } from '../domain/flow.js';
import type { Item } from '../domain/item.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import { RelaisError } from '../errors.js';
import type { Forwarding } from '../facade/store.js';
import { describeStory } from '../history/describe-story.js';
import { reasonInWords } from '../history/reason-in-words.js';
import type { ItemStory, ListedItems } from '../history/store.js';
import { stateName, wordsOf, type Words } from '../history/words.js';
import type { StoreReader } from '../persistence/open-store.js';
import { DECIDED_KIND } from '../routing/with-forwarding.js';
import { chooseTransition } from './choose-transition.js';
import { authorityOption, chosenAuthority, countOf, jsonOption, languageOption, LOCAL_ZONE, print, requireAuthority, withStore, withStoreBeside, type LookOptions } from './command-environment.js';
import { configuredAuthority, installation, withMeetings } from './installation.js';
import { operatorName } from './operator.js';
import { operatorWords } from './operator-words.js';

interface ListOptions extends LookOptions {
  readonly limit: string;
  readonly state?: string;
  readonly source?: string;
  readonly parked?: boolean;
}

interface TransitionOptions extends LookOptions {
  readonly comment: string;
  readonly meeting?: string;
}

/** `relais items …`: where is my item? */
export function addItemCommands(program: Command): void {
  const items = program.command('items').description('where is my item?');
  addList(items);
  addShow(items);
  addTransition(items);
}

function addList(items: Command): void {
  items.command('list').description('the newest items')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .option('--limit <number>', 'how many', '20')
    .option('--state <state>', 'in this review state')
    .option('--source <source>', 'from this application')
    .option('--parked', 'for which somebody has to do something')
    .action((options: ListOptions) => withStore(async (store) => {
      const limit = countOf('--limit', options.limit);
      const authority = chosenAuthority(options);
      const found = await store.history.latest(authority, limit, listedItems(options));
      if (found.length === 0) requireAuthority(authority);
      if (options.json === true) { print(JSON.stringify(found, null, 2)); return; }
      if (found.length === 0) { print(options.lang === 'fr' ? 'Aucun point.' : 'No item.'); return; }
      const forwardings = await store.links.ofItems(authority, found.map(({ uid }) => uid));
      const words = wordsOf(options.lang);
      for (const item of found) print(lineOf(item, forwardings.get(item.uid), words));
    }));
}

function listedItems({ state, source, parked }: ListOptions): ListedItems {
  return { ...(state === undefined ? {} : { reviewState: state }), ...(source === undefined ? {} : { source }), ...(parked === undefined ? {} : { parked }) };
}

function addShow(items: Command): void {
  items.command('show').description('everything that happened to an item')
    .argument('<uid>', 'as createItem answered it')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action((uid: string, options: LookOptions) => withStore(async (store) => {
      const authority = chosenAuthority(options);
      const story = await requireStory(store, authority, uid);
      if (options.json === true) { print(JSON.stringify(story, null, 2)); return; }
      const connectors = await store.operations.connectorStates(authority);
      print(describeStory(story, { language: options.lang, timeZone: LOCAL_ZONE, now: Date.now(), connectors }).join('\n'));
    }));
}

function addTransition(items: Command): void {
  items.command('transition').description('make a decision known: take an item through a transition of its workflow; steps that wait for it go on')
    .argument('<uid>', 'as createItem answered it')
    .argument('<transition>', 'such as validate, present, accept, refuse')
    .option('--comment <text>', 'for the history of the item', '')
    .option('--meeting <id>', 'the meeting into which it is put (the preferred one, or the next)')
    .addOption(authorityOption()).addOption(languageOption())
    .action(async (uid: string, transition: string, options: TransitionOptions) => {
      const authority = chosenAuthority(options);
      const configured = configuredAuthority(await installation(), authority);
      await withStoreBeside(async (store) => {
        const { item } = await requireStory(store, authority, uid);
        const now = Date.now();
        const { meetingConfigs } = withMeetings(configured, now, await store.meetings.settle(authority, configured.declaredMeetings));
        const config = meetingConfigs.find(({ id }) => id === item.configId);
        if (config === undefined) throw new RelaisError('RELAIS_ITEM_STATE', `the item is of the meeting config ${item.configId}, which is not in the configuration any more`);
        requireDecidedHere(config, item);
        const change = chooseTransition(config, item, { transition, meeting: options.meeting, now });
        const moved = await store.itemChanges.changeState({ ...change, authority, uid, actor: operatorName(), comment: options.comment });
        if (!moved) throw new RelaisError('RELAIS_ITEM_STATE', 'the item changed its state meanwhile; nothing was changed');
        const words = operatorWords(options.lang);
        print(`${words.moved(item.title, item.reviewState, change.to)} ${words.noticed}`);
      });
    });
}

/** What another system decides on would not be what it says. Throws RELAIS_ITEM_STATE. */
export function requireDecidedHere({ backend, id }: Pick<MeetingConfig, 'backend' | 'id'>, { kind }: Pick<Item, 'kind'>): void {
  if (backend === undefined || kind !== DECIDED_KIND) return;
  throw new RelaisError('RELAIS_ITEM_STATE', `items of the meeting config ${id} are decided on in the system behind connector ${backend.connector}: carry the transition out there, and Relais follows`);
}

/** Everything about an item. Throws RELAIS_ITEM_UNKNOWN. */
export async function requireStory({ history }: Pick<StoreReader, 'history'>, authority: string, uid: string): Promise<ItemStory> {
  const story = await history.story(authority, uid);
  if (story !== null) return story;
  requireAuthority(authority);
  throw new RelaisError('RELAIS_ITEM_UNKNOWN', `found ${uid}, expected the UID of an item of authority ${authority}`);
}

/** An item that the system behind its meeting config has needs no other word. */
function lineOf({ uid, createdAt, reviewState, configId, title }: Item, forwarding: Forwarding | undefined, words: Words): string {
  const line = `${new Date(createdAt).toISOString()}  ${uid}  ${reviewState}  ${configId}  ${title}`;
  if (forwarding === undefined || forwarding.state === 'sent' || forwarding.state === 'done') return line;
  const why = forwarding.reason === null ? '' : `${words.colon}${reasonInWords(forwarding.reason, words).join(' ')}`;
  return `${line}  (${forwarding.connector}, ${stateName(words, { step: FORWARD_STEP, state: forwarding.state })}${why})`;
}
