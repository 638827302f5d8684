#!/usr/bin/env -S node --max-semi-space-size=8 --max-old-space-size=1024
import { Command, Option } from 'commander';
import { addBackupCommands } from './cli/backup-commands.js';
import { addConfigCommands } from './cli/config-commands.js';
import { addConnectorKitCommands } from './cli/connector-commands.js';
import { addConnectorStateCommands } from './cli/connector-state-commands.js';
import { addDeliveryCommands } from './cli/delivery-commands.js';
import { addImportCommands } from './cli/import-commands.js';
import { addItemCommands } from './cli/item-commands.js';
import { addJournalCommands } from './cli/journal-commands.js';
import { addMailCommands } from './cli/mail-commands.js';
import { addPesCommands } from './cli/pes-commands.js';
import { addRetentionCommands } from './cli/retention-commands.js';
import { addStoreCommands } from './cli/store-commands.js';
import { addUserCommands } from './cli/user-commands.js';
import { dataFolderOf } from './config/environment.js';
import { packageVersion, problemInWords, serve, type ServeOptions } from './serve.js';

const program = new Command('relais')
  .description('SOAP gateway and connector hub for towns')
  .version(packageVersion())
  .showSuggestionAfterError()
  .showHelpAfterError('(--help shows what is possible)')
  .addHelpText('after', `
Environment:
  RELAIS_CONFIG  configuration file (the demonstration that comes with Relais)
  RELAIS_DATA    folder for everything that must survive (./data)
  PORT           port to listen on, instead of server.port

Exit code: 0 when it went well, 1 otherwise, with the reason on standard error.

Examples:
  relais serve
  relais config check /etc/relais/relais.yaml
  relais users hash
  relais items list --limit 5
  relais deliveries retry --state parked --connector outbox
  relais connectors hold outbox --reason "works on the share"
  relais journal verify
  relais import links links.csv --connector plonemeeting --verify
  relais pes inspect flow.xml --lang fr
  relais items show 019ab3c2d1e0f4a5b6c7d8e9f0a1b2c3 --lang fr`);

// Whoever reads what a command writes may stop early (`relais items list | head`).
program.hook('preAction', (_, command) => {
  if (command.name() === 'serve') return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
});

program.command('serve').description('run the gateway until SIGTERM; SIGHUP reads the configuration again')
  .addOption(new Option('--role <role>', 'api takes items, worker delivers them; several processes need PostgreSQL').choices(['api', 'worker', 'all']).default('all'))
  .action(async (options: ServeOptions) => { process.exit(await serve(process.env, options)); });
addConfigCommands(program);
addUserCommands(program);
addItemCommands(program);
addDeliveryCommands(program);
addConnectorStateCommands(program);
addJournalCommands(program);
addImportCommands(program);
addMailCommands(program);
addPesCommands(program);
addBackupCommands(program);
addRetentionCommands(program);
addStoreCommands(program);
addConnectorKitCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${problemInWords(error, dataFolderOf(process.env))}\n`);
  process.exit(1);
}
