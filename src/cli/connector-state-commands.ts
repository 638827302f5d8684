import type { Command } from 'commander';
import { expectedOneOf } from '../config/closest-word.js';
import { formatProblems } from '../config/problem.js';
import { RelaisError } from '../errors.js';
import { askConnectors, misfitsOf } from '../compose/ask-connectors.js';
import type { LoadedInstallation } from '../compose/load-installation.js';
import { addCollectCommand } from './collect-command.js';
import { authorityOption, chosenAuthority, jsonOption, languageOption, print, requireAuthority, withStore, withStoreBeside, type LookOptions } from './command-environment.js';
import { describeAnswer, describeConnector, readConnectorRows, withDirectories } from './connector-rows.js';
import { configuredAuthority, installation } from './installation.js';
import { configuredConnectors, requireConnector } from './known-connector.js';
import { tellingOf } from './look-at-deliveries.js';
import { operatorName } from './operator.js';
import { operatorWords } from './operator-words.js';

/** `relais connectors …`: the systems on the other side, as they are at work. */
export function addConnectorStateCommands(program: Command): void {
  const connectors = program.command('connectors').description('the systems on the other side: what they do, stop and start them');

  connectors.command('list').description('each connector: whether it works, and what waits for it')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action((options: LookOptions) => withStore(async (store) => {
      const authority = chosenAuthority(options);
      const rows = await withDirectories(store.copies, authority, await readConnectorRows(store.operations, authority, await configuredConnectors(authority)));
      if (rows.length === 0) requireAuthority(authority);
      if (options.json === true) print(JSON.stringify(rows, null, 2));
      else print(rows.length === 0 ? operatorWords(options.lang).noConnector : rows.flatMap((row) => describeConnector(row, tellingOf(options), operatorWords(options.lang))).join('\n'));
    }));

  connectors.command('check').description('ask connectors whether they can work; nothing is handed over; exit code 1 if one cannot')
    .argument('[ids...]', 'all of them, if none is named')
    .addOption(authorityOption()).addOption(jsonOption()).addOption(languageOption())
    .action(async (ids: string[], options: LookOptions) => { await check(await installation(), ids, options); });

  addCollectCommand(connectors);

  connectors.command('hold').description('stop a connector: deliveries wait for its release')
    .argument('<id>').requiredOption('--reason <text>', 'why, for those who wonder')
    .addOption(authorityOption()).addOption(languageOption())
    .action((id: string, options: LookOptions & { readonly reason: string }) => withStoreBeside(async ({ operations }) => {
      const authority = chosenAuthority(options);
      await requireConnector(operations, authority, id);
      await operations.hold(authority, id, operatorName(), options.reason);
      print(operatorWords(options.lang).hold(id));
    }));

  connectors.command('release').description('start a connector again; one whose sending was suspended is tried at once')
    .argument('<id>')
    .addOption(authorityOption()).addOption(languageOption())
    .action((id: string, options: LookOptions) => withStoreBeside(async ({ operations }) => {
      const authority = chosenAuthority(options);
      const { state } = await requireConnector(operations, authority, id);
      const words = operatorWords(options.lang);
      if (state === null || (state.hold === null && state.breaker === 'closed')) { print(words.notHeld(id)); return; }
      await operations.release(authority, id, operatorName());
      print(`${words.release(id)} ${words.noticed}`);
    }));
}

async function check(found: LoadedInstallation, ids: readonly string[], options: LookOptions): Promise<void> {
  const { authority } = configuredAuthority(found, chosenAuthority(options));
  const known = authority.connectors.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new RelaisError('RELAIS_COMMAND_USAGE', `found the connector ${unknown}, ${expectedOneOf(unknown, known)}`);
  const asked = authority.connectors.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const answers = await askConnectors(found, [{ ...authority, connectors: asked }]);
  const misfits = misfitsOf(found, answers);
  const words = operatorWords(options.lang);
  const rows = answers.map(({ connector, problem, choices }) => {
    const { type = '', simulated } = asked.find(({ id }) => id === connector) ?? {};
    return { connector, type, simulated: simulated !== undefined, problem, choices };
  });
  if (options.json === true) print(JSON.stringify(rows, null, 2));
  else print(rows.flatMap((row) => describeAnswer(row, tellingOf(options), words)).join('\n'));
  const unusable = answers.filter(({ problem }) => problem !== null);
  if (unusable.length === 0 && misfits.length === 0) return;
  throw new RelaisError('RELAIS_CONFIG_CONNECTOR', [
    ...unusable.length === 0 ? [] : [`${unusable.length} of ${rows.length} connectors cannot work: ${unusable.map(({ connector }) => connector).join(', ')}`],
    ...misfits.length === 0 ? [] : [`what is mapped is not taken on the other side:\n${formatProblems(misfits)}`],
  ].join('\n'));
}
