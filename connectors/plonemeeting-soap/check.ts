import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { connectionAnswer } from './answers.js';
import { askCatalogue, catalogueOf } from './catalogue.js';
import type { CouncilSoapSettings } from './config.js';
import { isLinked } from './recognise.js';
import { readPlainly, WHO, type ServiceContext } from './service.js';

/** No item has it: only who is a meeting manager may ask. */
const NO_IDENTIFIER = 'relais-connection-check';

/** Proves the address, the account and its role. */
export async function checkService(settings: CouncilSoapSettings, context: ServiceContext): Promise<void> {
  try {
    await readPlainly('testConnection', {}, connectionAnswer, settings, context);
    await isLinked(NO_IDENTIFIER, null, settings, context);
    const { configs } = await askCatalogue(settings, context);
    if (configs.length === 0) throw new Misconfigured(`${WHO} shows the account «${settings.login}» no meeting config. Make it a manager of those that Relais stands before.`);
  } catch (error) {
    throw checkFailed(error, `${WHO} could not be tried.`);
  }
}

/** Organisations that may be named, by their id or uid. */
export async function choicesOf(settings: CouncilSoapSettings, context: ServiceContext): Promise<Readonly<Record<string, readonly string[]>>> {
  const { groups } = await catalogueOf(settings, context);
  return { proposingGroup: groups.flatMap(({ id, UID }) => [id, UID]) };
}
