import { latin1Xml } from '../latin1-xml.js';
import { ACTES_NAMESPACE, type ActeMessageKind } from './acte-message.js';

/** What xml2js builds an element from: attributes in `$`, text in `_`, children by their name. */
export type Built = Readonly<Record<string, unknown>>;

/** Attributes, all of them qualified; those without a value are left out. */
export function attributes(values: Readonly<Record<string, string | null>>): Readonly<Record<'$', Readonly<Record<string, string>>>> {
  return { $: Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[`actes:${name}`, value]]))) };
}

/** Children of an element, all of them qualified, in this order; those without a value are left out. */
export function childrenOf(values: Readonly<Record<string, unknown>>): Built {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null).map(([name, value]) => [`actes:${name}`, value]));
}

/** A message of ACTES as a file. */
export function buildMessage(kind: ActeMessageKind, content: Built): Buffer {
  const own = typeof content['$'] === 'object' && content['$'] !== null ? content['$'] : {};
  return latin1Xml({ [`actes:${kind}`]: { ...content, $: { 'xmlns:actes': ACTES_NAMESPACE, 'xmlns:insee': 'http://xml.insee.fr/schema', ...own } } });
}
