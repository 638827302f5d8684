import path from 'node:path';
import type { Command } from 'commander';
import { connectors } from '../../connectors/index.js';
import { loadConfiguration } from '../config/load-configuration.js';
import { tryConnectors } from '../config/try-connectors.js';
import { RelaisError } from '../errors.js';
import { CONNECTOR_CHECK_MS, configurationFile } from '../serve.js';
import { print } from './command-environment.js';

/** `relais config …`: look at the configuration before it takes effect. */
export function addConfigCommands(program: Command): void {
  program.command('config').description('look at the configuration')
    .command('check').description('report every mistake as file:line:column, without starting anything')
    .argument('[file]', 'configuration file', configurationFile(process.env))
    .option('--connectors', 'also ask each connector whether it can work; nothing is handed over')
    .action(async (file: string, options: { readonly connectors?: boolean }) => {
      const found = await loadConfiguration(path.resolve(file), process.env, { connectors });
      const authorities = found.authorities.map(({ authority }) => authority);
      if (options.connectors === true) await requireConnectors(authorities);
      print(`${file} is right. Authorities: ${authorities.map(({ id }) => id).join(', ')}`);
    });
}

async function requireConnectors(authorities: Parameters<typeof tryConnectors>[0]): Promise<void> {
  const quiet = { warn: () => undefined, info: () => undefined, debug: () => undefined };
  const unusable = await tryConnectors(authorities, connectors, quiet, CONNECTOR_CHECK_MS);
  if (unusable.length === 0) return;
  throw new RelaisError('RELAIS_CONFIG_CONNECTOR', unusable.map(({ authority, connector, reason }) => `${authority}, connector ${connector}: ${reason}`).join('\n'));
}
