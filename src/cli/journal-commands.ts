import type { Command } from 'commander';
import { RelaisError } from '../errors.js';
import { authorityOption, chosenAuthority, jsonOption, print, requireAuthority, withStore, type LookOptions } from './command-environment.js';

/** `relais journal …`: the proof of what happened. */
export function addJournalCommands(program: Command): void {
  program.command('journal').description('the proof of what happened')
    .command('verify').description('recompute the chain of the journal; exit code 1 if it is broken')
    .addOption(authorityOption()).addOption(jsonOption())
    .addHelpText('after', '\nEntries cut off at the end leave no trace in the chain: compare the number and the last hash with what you noted before.')
    .action((options: Pick<LookOptions, 'authority' | 'json'>) => withStore(async (store) => {
      const authority = chosenAuthority(options);
      const check = await store.verifyJournal(authority);
      if (check.entries === 0) requireAuthority(authority);
      print(options.json === true ? JSON.stringify(check) : `${check.entries} entries, last hash ${check.lastHash}`);
      if (check.brokenAt !== null) throw new RelaisError('RELAIS_STORE_CORRUPT', `the journal of ${authority} was altered: entry ${check.brokenAt} does not follow from the one before it`);
    }));
}
