import fs from 'node:fs';
import path from 'node:path';
import { connectors } from '../connectors/index.js';
import { compose } from './compose.js';
import { dataFolderOf, loadConfiguration, type Configuration } from './config/load-configuration.js';
import { tryConnectors } from './config/try-connectors.js';
import { RelaisError } from './errors.js';
import { createLogger } from './platform/create-logger.js';
import type { Logger } from './platform/logger.js';
import { createSecretScrubber } from './platform/secret-scrubber.js';

/** How long a connector may take to say whether it can work, milliseconds. */
export const CONNECTOR_CHECK_MS = 30_000;

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
export function configurationFile(env: Readonly<Record<string, string | undefined>>): string {
  const { RELAIS_CONFIG: file = '' } = env;
  return file === '' ? path.join(packageFolder(), 'config/relais.yaml') : file;
}

/** Runs the gateway until SIGTERM or SIGINT, then drains. Resolves with the exit code: 0 after a stop that was asked for,
 * 1 when it could not start; the reason stands on standard error. */
export async function serve(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const scrubber = createSecretScrubber();
  try {
    const configuration = await loadConfiguration(configurationFile(env), env, { connectors, onSecret: (secret) => scrubber.register(secret) });
    const logger = createLogger({ ...configuration.server.log, output: process.stdout, scrubber });
    const gateway = await compose({ configuration, packageFolder: packageFolder(), version: packageVersion(), logger });
    logger.info('Relais is ready', { url: gateway.url, data: configuration.dataFolder, authorities: configuration.authorities.map(({ authority }) => authority.id) });
    void warnOfConnectors(configuration, logger);
    logger.info('Relais is stopping', { signal: await stopSignal() });
    await gateway.close();
    return 0;
  } catch (error) {
    process.stderr.write(`${scrubber.scrub(problemInWords(error, dataFolderOf(env)))}\n`);
    return 1;
  }
}

/** Beside the requests, because another side that is slow or down must not keep Relais from taking items. */
async function warnOfConnectors({ authorities }: Configuration, logger: Logger): Promise<void> {
  const unusable = await tryConnectors(authorities.map(({ authority }) => authority), connectors, logger, CONNECTOR_CHECK_MS);
  for (const one of unusable) logger.warn('A connector cannot work as it is configured; its deliveries wait', { ...one });
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
