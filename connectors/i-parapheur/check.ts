import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { echoAnswer } from './answers.js';
import { listSubtypes, listTypes } from './catalogue.js';
import type { IParapheurSettings } from './config.js';
import { read, WHO } from './service.js';

const GREETING = 'Relais';

/** Types whose sub-types are offered: each takes a call. */
const MOST_TYPES = 50;

/** Asks for an echo, and for the type and sub-type of the settings. */
export async function checkService(settings: IParapheurSettings, context: ConnectorContext): Promise<void> {
  try {
    const answered = await read('echo', GREETING, echoAnswer, settings, context);
    if (!answered.includes(GREETING)) throw new Misconfigured(`${WHO} did not echo what it was told, so something else answers at this address.`);
    const { type, subtype } = settings;
    if (type === undefined) return;
    requireAmong('type', type, await listTypes(settings, context, 0));
    if (subtype !== undefined) requireAmong('subtype', subtype, await listSubtypes(type, settings, context, 0));
  } catch (error) {
    throw checkFailed(error, `${WHO} could not be tried.`);
  }
}

/** Types and sub-types that the account may use. */
export async function choicesOf(settings: IParapheurSettings, context: ConnectorContext): Promise<Readonly<Record<string, readonly string[]>>> {
  const types = await listTypes(settings, context);
  const subtypes = new Set<string>();
  for (const type of types.slice(0, MOST_TYPES)) for (const subtype of await listSubtypes(type, settings, context)) subtypes.add(subtype);
  return { type: types, subtype: [...subtypes] };
}

function requireAmong(setting: 'type' | 'subtype', wanted: string, offered: readonly string[]): void {
  if (offered.includes(wanted)) return;
  throw new Misconfigured(`Setting «${setting}»: found «${wanted}», expected one of ${offered.length === 0 ? 'none (the account may use no type at all)' : offered.map((name) => `«${name}»`).join(', ')}.`);
}
