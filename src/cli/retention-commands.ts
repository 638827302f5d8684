import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Command } from 'commander';
import { runRetention, type RetentionReport } from '../retention/run-retention.js';
import { systemClock } from '../platform/clock.js';
import { authorityOption, jsonOption, print, withStoreBeside } from './command-environment.js';
import { configuredAuthority, installation } from './installation.js';

interface RetentionOptions { readonly authority?: string; readonly dryRun?: boolean; readonly json?: boolean }

/** `relais retention run`: what the gateway does at night. */
export function addRetentionCommands(program: Command): void {
  program.command('retention').description('content that need not be kept any longer')
    .command('run').description('remove the content that the rules of the configuration let go; metadata, hashes and the journal stay')
    .option('--dry-run', 'count and show, remove nothing').addOption(authorityOption()).addOption(jsonOption())
    .addHelpText('after', '\nThe gateway does the same every night. The bytes of annexes go with its next sweep, unless another item has the same.')
    .action(run);
}

async function run({ authority, dryRun = false, json = false }: RetentionOptions): Promise<void> {
  const loaded = await installation();
  const chosen = authority === undefined ? loaded.configuration.authorities : [configuredAuthority(loaded, authority)];
  await withStoreBeside(async ({ retention }) => {
    for (const { authority: one } of chosen) {
      const report = await runRetention({ store: retention, authority: one, now: systemClock.now(), actor: 'retention', isDryRun: dryRun, giveWay: nextTurn });
      print(json ? JSON.stringify({ authority: one.id, dryRun, ...report }) : inWords(one.id, report, dryRun));
    }
  });
}

function inWords(authority: string, { rules, items, annexes, bytes, sample }: RetentionReport, isDryRun: boolean): string {
  if (rules.length === 0) return `${authority}: no rule, everything is kept`;
  return [
    isDryRun ? `${authority}: the content of ${items} items would be removed` : `${authority}: the content of ${items} items was removed, with ${annexes} annexes of ${bytes} bytes`,
    ...rules.map(({ kind, state, days, items: count }) => `  ${count} items: kind ${kind.join(', ') || 'any'}, state ${state.join(', ') || 'any'}, unchanged for ${days} days`),
    ...sample.map(({ uid, title, modifiedAt }) => `  ${uid}  ${new Date(modifiedAt).toISOString().slice(0, 10)}  ${title}`),
    ...items > sample.length ? [`  … and ${items - sample.length} more`] : [],
  ].join('\n');
}
