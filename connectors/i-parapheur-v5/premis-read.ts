import { XMLParser } from 'fast-xml-parser';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';

/** One step of a circuit, done, current or to come (contracts/iparapheur.md §3.4). */
export interface Task {
  /** Empty for one that is still to come. */
  readonly id: string;
  /** `SIGNATURE`, `VISA`, `ARCHIVE` …; more may be added over there. */
  readonly action: string;
  /** Who did it: empty where nobody has, or where it is not said. */
  readonly actor: string;
  /** Identifier of who did it; empty where it is not said. */
  readonly user: string;
  /** Desk, where it is said. */
  readonly desk: string;
  /** ISO text; empty where it is not done. */
  readonly at: string;
  readonly note: string;
  readonly state: 'done' | 'current' | 'future';
}

export interface PremisHistory {
  readonly title: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly files: readonly { readonly filename: string; readonly main: boolean }[];
  readonly tasks: readonly Task[];
}

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, parseAttributeValue: false, trimValues: true });

/** Reads by name and passes over what it does not know. Throws OutcomeUnknown for what is no PREMIS. */
export function readPremis(text: string): PremisHistory {
  const root = rootOf(text);
  const objects = nodes(root['object']);
  const folder = objects.find((object) => typeOf(object) === 'intellectualEntity') ?? {};
  const people = new Map(nodes(root['agent']).map((agent) => [word(nodes(agent['agentIdentifier'])[0]?.['agentIdentifierValue']), word(agent['agentName'])]));
  return {
    title: word(folder['originalName']),
    metadata: properties(folder),
    files: objects.filter((object) => typeOf(object) === 'file').map((object) => ({
      filename: word(object['originalName']), main: properties(object)['i_Parapheur_reserved_mainDocument'] === 'true',
    })),
    tasks: nodes(root['event']).map((event) => taskOf(event, people)),
  };
}

function rootOf(text: string): Node {
  // A history declares nothing: what it would declare could only be entities without end.
  const [root] = isWhole(text) && !/<!DOCTYPE/i.test(text) ? nodes((parser.parse(text) as Node)['premis']) : [];
  if (root !== undefined) return root;
  throw new OutcomeUnknown('i-Parapheur answered with something that is no PREMIS history.');
}

/** The parser makes the best of half a file, where the last task may be missing. */
function isWhole(text: string): boolean {
  return /<\/(?:[\w.-]+:)?premis\s*>\s*$/.test(text);
}

function taskOf(event: Node, people: ReadonlyMap<string, string>): Task {
  const identifiers = nodes(event['eventIdentifier']);
  const own = identifiers.find((one) => word(one['eventIdentifierType']) === 'taskId') ?? identifiers[0] ?? {};
  const [agent = {}] = nodes(event['linkingAgentIdentifier']);
  const id = word(own['eventIdentifierValue']);
  const user = word(agent['linkingAgentIdentifierValue']);
  const at = word(event['eventDateTime']);
  return {
    id, at, user, action: word(event['eventType']), desk: word(agent['linkingAgentRole']), actor: people.get(user) ?? '',
    note: nodes(event['eventOutcomeInformation']).flatMap((one) => nodes(one['eventOutcomeDetail'])).map((one) => word(one['eventOutcomeDetailNote'])).filter((note) => note !== '').join(' '),
    // Agents may be missing from what was done; a moment never is.
    state: id === '' ? 'future' : at === '' ? 'current' : 'done',
  };
}

function properties(object: Node): Record<string, string> {
  return Object.fromEntries(nodes(object['significantProperties']).map((one) => [word(one['significantPropertiesType']), word(one['significantPropertiesValue'])]));
}

function typeOf(object: Node): string {
  return word(object['@type']).replace(/^.*:/, '');
}

/** One element, or several of the same name. */
function nodes(value: unknown): readonly Node[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is Node => typeof one === 'object' && one !== null);
}

/** Text of an element, with or without attributes. */
function word(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && '#text' in value) return word(value['#text']);
  return Array.isArray(value) ? word(value[0]) : '';
}
