import path from 'node:path';
import type { Command } from 'commander';
import { loadInstallation, type LoadedInstallation } from '../compose/load-installation.js';
import { formatProblems } from '../config/problem.js';
import { tryConnectors } from '../config/try-connectors.js';
import { RelaisError } from '../errors.js';
import { createOutboundHttp } from '../outbound/create-outbound-http.js';
import { CONNECTOR_CHECK_MS, configurationFile } from '../serve.js';
import { print } from './command-environment.js';

/** `relais config …`: look at the configuration before it takes effect. */
export function addConfigCommands(program: Command): void {
  program.command('config').description('look at the configuration')
    .command('check').description('report every mistake as file:line:column, without starting anything')
    .argument('[file]', 'configuration file', configurationFile(process.env))
    .option('--connectors', 'also ask each connector whether it can work; nothing is handed over')
    .action(async (file: string, options: { readonly connectors?: boolean }) => {
      const found = await loadInstallation(path.resolve(file), process.env);
      if (options.connectors === true) await requireConnectors(found);
      const { authorities, warnings } = found.configuration;
      if (warnings.length > 0) process.stderr.write(`${formatProblems(warnings)}\n`);
      print(`${file} is right${warnings.length === 0 ? '' : `, with ${warnings.length} warning${warnings.length === 1 ? '' : 's'}`}. Authorities: ${authorities.map(({ authority }) => authority.id).join(', ')}`);
    });
}

async function requireConnectors({ configuration, connectors }: LoadedInstallation): Promise<void> {
  const outbound = createOutboundHttp();
  const logger = { warn: () => undefined, info: () => undefined, debug: () => undefined };
  const around = { logger, http: outbound.callFor(AbortSignal.timeout(CONNECTOR_CHECK_MS)) };
  const unusable = await tryConnectors(configuration.authorities.map(({ authority }) => authority), connectors, around, CONNECTOR_CHECK_MS);
  outbound.close();
  if (unusable.length === 0) return;
  throw new RelaisError('RELAIS_CONFIG_CONNECTOR', unusable.map(({ authority, connector, reason }) => `${authority}, connector ${connector}: ${reason}`).join('\n'));
}
