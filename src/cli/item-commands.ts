import type { Command } from 'commander';
import type { Item } from '../domain/item.js';
import { RelaisError } from '../errors.js';
import { describeStory } from '../history/describe-story.js';
import { authorityOption, chosenAuthority, countOf, jsonOption, languageOption, LOCAL_ZONE, print, requireAuthority, withStore, type LookOptions } from './command-environment.js';

/** `relais items …`: where is my item? */
export function addItemCommands(program: Command): void {
  const items = program.command('items').description('where is my item?');

  items.command('list').description('the newest items')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .option('--limit <number>', 'how many', '20')
    .action((options: LookOptions & { readonly limit: string }) => withStore(async (store) => {
      const limit = countOf('--limit', options.limit);
      const authority = chosenAuthority(options);
      const found = await store.history.latest(authority, limit);
      if (found.length === 0) requireAuthority(authority);
      if (options.json === true) { print(JSON.stringify(found, null, 2)); return; }
      if (found.length === 0) { print(options.lang === 'fr' ? 'Aucun point.' : 'No item.'); return; }
      for (const item of found) print(lineOf(item));
    }));

  items.command('show').description('everything that happened to an item')
    .argument('<uid>', 'as createItem answered it')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action((uid: string, options: LookOptions) => withStore(async (store) => {
      const authority = chosenAuthority(options);
      const story = await store.history.story(authority, uid);
      if (story === null) requireAuthority(authority);
      if (story === null) throw new RelaisError('RELAIS_ITEM_UNKNOWN', `found ${uid}, expected the UID of an item of authority ${authority}`);
      print(options.json === true ? JSON.stringify(story, null, 2) : describeStory(story, { language: options.lang, timeZone: LOCAL_ZONE, now: Date.now() }).join('\n'));
    }));
}

function lineOf({ uid, createdAt, reviewState, configId, title }: Item): string {
  return `${new Date(createdAt).toISOString()}  ${uid}  ${reviewState}  ${configId}  ${title}`;
}
