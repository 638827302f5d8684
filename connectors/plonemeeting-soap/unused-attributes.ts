import { OPTIONAL_ATTRIBUTES } from '../../src/domain/meeting-config.js';
import type { SoapFault } from '../../src/soap-client/soap-fault.js';
import type { CouncilSoapSettings } from './config.js';

/** A config may be changed to use them. */
const REMEMBERED_MS = 10 * 60_000;

const known = new WeakMap<CouncilSoapSettings, Map<string, { readonly at: number; readonly names: ReadonlySet<string> }>>();

/** Attributes of which the server said lately that the config does not use them. */
export function knownUnused(configId: string, settings: CouncilSoapSettings, now: number): ReadonlySet<string> {
  const told = known.get(settings)?.get(configId);
  return told === undefined || now - told.at > REMEMBERED_MS ? new Set() : told.names;
}

export function rememberUnused(configId: string, names: ReadonlySet<string>, settings: CouncilSoapSettings, now: number): void {
  const configs = known.get(settings) ?? new Map<string, { readonly at: number; readonly names: ReadonlySet<string> }>();
  known.set(settings, configs.set(configId, { at: now, names }));
}

/** The attribute that a fault refuses because the config does not use it (contracts/ws4pm.md §3.1: F-OPT names it in quotes); undefined for
 * any other fault, such as one about a wrong value of the same attribute. */
export function unusedAttributeIn({ text }: SoapFault): string | undefined {
  const quoted = /["'«]\s*([A-Za-z]+)\s*["'»]/.exec(text)?.[1];
  return /\boptional\b/i.test(text) || /\bnot (?:activated|enabled|used)\b/i.test(text) ? OPTIONAL_ATTRIBUTES.find((name) => name === quoted) : undefined;
}
