import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { connectors } from '../../connectors/index.js';
import { rehearsals } from '../../connectors/rehearsals.js';
import { closestWord, expectedOneOf } from '../config/closest-word.js';
import type { Connector } from '../connector-api/connector.js';
import { generateConnector } from '../connector-kit/generate-connector.js';
import { loadConnector, loadRehearsals } from '../connector-kit/load-external.js';
import type { Rehearsal } from '../connector-kit/rehearsal.js';
import { runConformance } from '../connector-kit/run-conformance.js';
import { startSimulation } from '../connector-kit/simulate.js';
import { RelaisError } from '../errors.js';
import { createOutboundHttp } from '../outbound/create-outbound-http.js';
import { packageFolder } from '../serve.js';
import { print } from './command-environment.js';

const WHICH = 'id of a connector of this build, an npm package, or a file such as ./dist/index.js';

/** `relais connector …` and `relais simulate`: write a connector, prove it, and rehearse without the partner. */
export function addConnectorKitCommands(program: Command): void {
  const connector = program.command('connector').description('write a connector, and prove that it keeps the contract');

  connector.command('new').description('write a connector that works, to be changed into yours')
    .argument('<id>', 'lower-case letters, digits and hyphens')
    .option('--package', 'as an npm package, instead of in a checkout of Relais')
    .option('--folder <folder>', 'the checkout, or where the package is made', '.')
    .action(async (id: string, options: { readonly package?: boolean; readonly folder: string }) => {
      const folder = path.resolve(options.folder);
      const target = options.package === true ? { packageIn: folder } : { repository: folder };
      for (const file of await generateConnector({ id, relaisFolder: packageFolder(), target })) print(path.relative(process.cwd(), file));
    });

  connector.command('test').description('prove a connector against its own simulator; exit code 1 if it breaks a promise')
    .argument('<connector>', WHICH)
    .action(async (name: string) => {
      const outbound = createOutboundHttp();
      try {
        const found = await findConnector(name);
        const { kept, broken } = await runConformance(found.connector, found.rehearsals, { http: (signal) => outbound.callFor(signal) }, print);
        if (broken > 0) throw new RelaisError('RELAIS_CONNECTOR_TEST', `${broken} of ${kept + broken} promises of the contract are broken; docs/connectors.md says what each one asks`);
      } finally {
        outbound.close();
      }
    });

  program.command('simulate').description('run the other side of a connector, for rehearsing without the partner')
    .argument('<connector>', WHICH)
    .option('--port <port>', 'port on 127.0.0.1 (a free one)', portOf)
    .option('--operation <operation>', 'which one, where a connector has several')
    .action(async (name: string, options: { readonly port?: number; readonly operation?: string }) => {
      const simulation = await startSimulation({ ...await findConnector(name), ...options, say: print }).catch((error: unknown) => { throw portProblem(error, options.port); });
      simulation.instructions.forEach(print);
      await conversation(simulation.command);
      await simulation.close();
    });
}

/** One of this build by its id, or one from outside, looked for from the current folder. */
async function findConnector(name: string): Promise<{ readonly connector: Connector; readonly rehearsals: readonly Rehearsal[] }> {
  const own = connectors.get(name);
  if (own !== undefined) return { connector: own, rehearsals: await rehearsals.get(name)?.() ?? [] };
  return { connector: await loadConnector(name, process.cwd()).catch((error: unknown) => { throw misspelt(name) ?? error; }), rehearsals: await loadRehearsals(name, process.cwd()) };
}

/** For what is nearly the id of a connector of this build: nobody is told to install a package of a name that was mistyped. */
function misspelt(name: string): RelaisError | undefined {
  const ids = [...connectors.keys()];
  return closestWord(name, ids) === undefined ? undefined : new RelaisError('RELAIS_COMMAND_USAGE', `found the connector ${name}, ${expectedOneOf(name, ids)}`);
}

function portProblem(error: unknown, port: number | undefined): unknown {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return isTaken ? new RelaisError('RELAIS_COMMAND_USAGE', `--port: found ${port}, which is in use, expected a free port; stop the other program, or leave --port out`) : error;
}

/** Carries out each line that is typed, until Ctrl-C or a signal. The end of the input alone does not end it, so that it
 * can run in the background. */
async function conversation(command: (typed: string) => Promise<readonly string[]>): Promise<void> {
  const terminal = createInterface({ input: process.stdin });
  terminal.on('line', (typed) => {
    command(typed).then((lines) => { lines.forEach(print); }, (error: unknown) => { print(error instanceof Error ? error.message : String(error)); });
  });
  await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  terminal.close();
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RelaisError('RELAIS_COMMAND_USAGE', `--port: found ${text}, expected a port`);
  return port;
}
