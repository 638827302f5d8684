import fs from 'node:fs';
import path from 'node:path';
import { connectors } from '../connectors/index.js';
import { compose } from './compose.js';
import { loadConfiguration } from './config/load-configuration.js';
import { RelaisError } from './errors.js';
import { createLogger } from './platform/create-logger.js';
import { createSecretScrubber } from './platform/secret-scrubber.js';

/** The nearest folder above this file that holds package.json: the sources and the build lie at different depths. */
export function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

export function packageVersion(): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(packageFolder(), 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The configuration file: RELAIS_CONFIG, or the demonstration that comes with the package. */
export function configurationFile(env: Readonly<Record<string, string | undefined>>): string {
  return env['RELAIS_CONFIG'] ?? path.join(packageFolder(), 'config/relais.yaml');
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
    logger.info('Relais is stopping', { signal: await stopSignal() });
    await gateway.close();
    return 0;
  } catch (error) {
    process.stderr.write(`${scrubber.scrub(startProblem(error))}\n`);
    return 1;
  }
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

/** What keeps Relais from starting, for the terminal: plain words for what an operator can correct, a stack otherwise. */
export function startProblem(error: unknown): string {
  if (error instanceof RelaisError && error.code !== 'RELAIS_INTERNAL') return `${error.code}\n${error.message}`;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `The address is in use (${message}). Stop the other program or set PORT.`;
  if (code === 'EACCES') return `Not allowed (${message}). Choose a port above 1023 or run with the needed right.`;
  return stack ?? String(error);
}
