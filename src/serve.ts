import fs from 'node:fs';
import path from 'node:path';
import { compose, type Gateway, type Role } from './compose.js';
import { askConnectors } from './compose/ask-connectors.js';
import { loadInstallation, type LoadedInstallation } from './compose/load-installation.js';
import { findSimulation } from './compose/simulators.js';
import { dataFolderOf, type Environment } from './config/environment.js';
import { loadConfiguration, type Configuration } from './config/load-configuration.js';
import { createConfigurationHolder, type ConfigurationHolder } from './config/watch-configuration.js';
import { RelaisError } from './errors.js';
import { createLogger } from './platform/create-logger.js';
import type { Logger } from './platform/logger.js';
import { createSecretScrubber } from './platform/secret-scrubber.js';

/** The nearest folder above this file that holds package.json: the sources and the build lie at different depths. */
export function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

/** Version of this software, from package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(packageFolder(), 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The configuration file: RELAIS_CONFIG, or the demonstration that comes with the package. */
export function configurationFile(env: Environment): string {
  const { RELAIS_CONFIG: file = '' } = env;
  return file === '' ? path.join(packageFolder(), 'config/relais.yaml') : file;
}

export interface ServeOptions {
  readonly role: Role;
}

/** Runs the gateway until SIGTERM or SIGINT, then drains. SIGHUP, or a change of a file of the configuration, puts the new
 * configuration in force. Resolves with the exit code: 0 after a stop that was asked for, 1 when it could not start; the
 * reason stands on standard error. */
export async function serve(env: Environment, { role }: ServeOptions = { role: 'all' }): Promise<number> {
  const scrubber = createSecretScrubber();
  const file = configurationFile(env);
  const onSecret = (secret: string): void => scrubber.register(secret);
  try {
    const found = await loadInstallation(file, env, scrubber);
    const { configuration, connectors, hide } = found;
    if (role !== 'all' && configuration.server.store.engine === 'sqlite') throw new RelaisError('RELAIS_COMMAND_USAGE', `--role: found ${role} with SQLite, which one process uses alone; expected all, or server.store.engine postgres`);
    const logger = createLogger({ ...configuration.server.log, output: process.stdout, scrubber });
    for (const warning of configuration.warnings) logger.warn('The configuration is allowed and yet looks wrong', { ...warning });
    const gateway = await compose({ configuration, connectors, role, packageFolder: packageFolder(), version: packageVersion(), logger, hide });
    const holder = holdConfiguration(configuration, () => loadConfiguration(file, env, { connectors, findSimulation, onSecret }), gateway, logger);
    const onHangUp = (): void => void holder.reload();
    process.on('SIGHUP', onHangUp);
    const stopped = stopSignal();
    // signals are heeded from here on: whoever reads that it is ready may send one at once
    logger.info('Relais is ready', { url: gateway.url, role, data: configuration.dataFolder, authorities: configuration.authorities.map(({ authority }) => authority.id) });
    void warnOfConnectors(found, logger);
    logger.info('Relais is stopping', { signal: await stopped });
    process.off('SIGHUP', onHangUp);
    await holder.close();
    await gateway.close();
    return 0;
  } catch (error) {
    process.stderr.write(`${scrubber.scrub(problemInWords(error, dataFolderOf(env)))}\n`);
    return 1;
  }
}

/** Replaces the configuration as a whole when its files change; a broken one is reported, and the one in force stays. */
function holdConfiguration(initial: Configuration, load: () => Promise<Configuration>, gateway: Gateway, logger: Logger): ConfigurationHolder {
  return createConfigurationHolder({
    initial, load, watch: true,
    async onChange(next, diff) {
      await gateway.reconfigure(next);
      if (diff.length > 0) logger.info('The configuration was replaced', { changes: diff.map(({ text }) => text) });
    },
    onProblem: (error) => logger.error('The new configuration has mistakes; the one before stays in force', { problems: error instanceof Error ? error.message : String(error) }),
  });
}

/** Beside the requests, because another side that is slow or down must not keep Relais from taking items. */
async function warnOfConnectors(found: LoadedInstallation, logger: Logger): Promise<void> {
  const asked = await askConnectors(found, found.configuration.authorities.map(({ authority }) => authority), logger);
  for (const { authority, connector, problem } of asked) {
    if (problem !== null) logger.warn('A connector cannot work as it is configured; its deliveries wait', { authority, connector, reason: problem });
  }
}

/** What keeps Relais from starting, or a command from ending well, for the terminal: plain words for what an operator can correct, a stack otherwise. */
export function problemInWords(error: unknown, dataFolder: string): string {
  if (!(error instanceof RelaisError) || error.code === 'RELAIS_INTERNAL') return systemProblem(error as NodeJS.ErrnoException);
  const { code, message, cause } = error;
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  const place = code.startsWith('RELAIS_STORE_') ? `\nThe data folder is ${dataFolder} (RELAIS_DATA).` : '';
  return `${code}\n${message}${detail}${place}`;
}

function systemProblem(error: NodeJS.ErrnoException): string {
  const { code, syscall, message, stack } = error;
  if (code === 'EADDRINUSE') return `The address is in use (${message}). Stop the other program, or choose another port: PORT, or server.port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `The address does not belong to this machine (${message}). Correct server.host.`;
  if (code === 'EACCES' && syscall === 'listen') return `The port is reserved (${message}). Choose one above 1023, or allow it (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE).`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `Relais may not use a file or a folder (${message}). Give its account the right to it.`;
  return stack ?? String(error);
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
