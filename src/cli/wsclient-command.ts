import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { RelaisError } from '../errors.js';
import { print } from './command-environment.js';
import { readWsclientRegistry } from './wsclient-registry.js';
import { sourceOfWsclient } from './wsclient-source.js';

/** `relais import wsclient`: settings of a client of PloneMeeting, as a source. */
export function addWsclientCommand(imports: Command): void {
  imports.command('wsclient').description('what the panel of an application says (registry.xml of its site), as `sources:` for the configuration; nothing is changed')
    .argument('<file>', 'registry.xml of a GenericSetup export')
    .option('--source <id>', 'source of the account by which the application calls', 'application')
    .action(async (file: string, { source }: { readonly source: string }) => {
      const content = await readFile(file).catch((error: unknown) => { throw new RelaisError('RELAIS_COMMAND_USAGE', `${file}: found no file that can be read, expected a registry.xml`, { cause: error }); });
      print(sourceOfWsclient(source, readWsclientRegistry(file, content)));
    });
}
