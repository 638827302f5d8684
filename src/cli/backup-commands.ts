import path from 'node:path';
import type { Command } from 'commander';
import { valueAt } from '../config/explain-issue.js';
import { mainFileValue } from '../config/main-file-value.js';
import { dataFolderOf } from '../config/environment.js';
import { RelaisError } from '../errors.js';
import type { BackupManifest } from '../persistence/backup-manifest.js';
import { backupStore } from '../persistence/backup-store.js';
import { restoreStore, verifyBackup } from '../persistence/restore-store.js';
import { systemClock } from '../platform/clock.js';
import { configurationFile, packageVersion } from '../serve.js';
import { jsonOption, print, QUIET, storeSettings } from './command-environment.js';

interface BackupOptions { readonly link?: boolean; readonly json?: boolean }

const AROUND = { clock: systemClock, logger: QUIET };

/** `relais backup …` and `relais restore`. */
export function addBackupCommands(program: Command): void {
  const backup = program.command('backup').description('a copy of everything, while Relais runs')
    .addHelpText('after', '\nThe configuration and the files that its secrets refer to are not in it. On PostgreSQL, run pg_dump first: this command copies the annexes only.');
  backup.command('make', { isDefault: true }).description('make a backup, or bring the one in the folder up to date').argument('<folder>', 'where it goes, best on another disk')
    .option('--link', 'annexes share their bytes with the originals: quick and small, and no help when the disk fails').addOption(jsonOption())
    .action(makeBackup);
  backup.command('verify').description('read a backup as a whole; exit code 1 if anything in it was altered or is missing').argument('<folder>').addOption(jsonOption())
    .action(async (folder: string, options: BackupOptions) => {
      const { manifest, problems } = await verifyBackup(folder, AROUND);
      print(options.json === true ? JSON.stringify({ manifest, problems }) : summary(manifest));
      if (problems.length > 0) throw new RelaisError('RELAIS_BACKUP', problems.join('\n'));
    });
  program.command('restore').description('put a backup into an empty data folder, once it has proved whole').argument('<backup>').argument('<folder>', 'the data folder')
    .addHelpText('after', '\nStart Relais only when this command has ended well.')
    .action(async (from: string, folder: string) => {
      const manifest = await restoreStore(from, folder, AROUND);
      print(`${summary(manifest)}\nRestored to ${path.resolve(folder)}.${manifest.database === null ? ' Give the database back with pg_restore.' : ''}`);
    });
}

async function makeBackup(target: string, { link = false, json = false }: BackupOptions): Promise<void> {
  const engine = await storeSettings();
  if (valueAt(mainFileValue(configurationFile(process.env)), ['server', 'store', 'blobs']) === 'database') throw new RelaisError('RELAIS_COMMAND_USAGE', 'the annexes are in the database (server.store.blobs): pg_dump makes a backup of everything');
  const manifest = await backupStore(engine, { dataFolder: dataFolderOf(process.env), target, version: packageVersion(), link });
  print(json ? JSON.stringify(manifest) : summary(manifest));
  const { missing } = manifest.blobs;
  if (missing.length > 0) throw new RelaisError('RELAIS_BACKUP', `the backup was made; the bytes of ${missing.length} annexes were not found: ${missing.slice(0, 5).join(', ')}`);
}

function summary({ at, database, journals, blobs }: BackupManifest): string {
  return [
    `Backup of ${at}`,
    database === null ? 'database: not in it, pg_dump makes it' : `database: ${database.bytes} bytes, SHA-256 ${database.sha256}`,
    `annexes: ${blobs.count}, ${blobs.bytes} bytes`,
    ...journals.map(({ authority, entries, lastHash }) => `journal of ${authority}: ${entries} entries, last hash ${lastHash}`),
  ].join('\n');
}
