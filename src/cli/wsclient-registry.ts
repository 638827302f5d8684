import { RelaisError } from '../errors.js';
import { documentSink } from '../xml/document-sink.js';
import { XmlTokenizer } from '../xml/xml-tokenizer.js';

/** What the settings of a client are called in the registry of its site (contracts/wsclient.md §7). */
const PREFIX = 'imio.pm.wsclient.browser.settings.IWS4PMClientSettings';

const LIMITS = { depth: 50, elements: 200_000, attributes: 400_000 };

interface Node {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Node[];
  text: string;
}

/** Settings of a client, as its site exports them. Rows are by the names of their columns. */
export interface WsclientSettings {
  readonly url: string;
  readonly login: string;
  readonly userMappings: readonly Row[];
  readonly fieldMappings: readonly Row[];
  readonly actions: readonly Row[];
  readonly allowedAnnexTypes: readonly Row[];
  readonly displayCondition: string;
  /** Null: nothing is said. */
  readonly onlyOneSending: boolean | null;
}

/** Cells by the name of their column. */
export type Row = Readonly<Record<string, string>>;

/** Reads `registry.xml` of a GenericSetup export. Throws RELAIS_COMMAND_USAGE for what is none, or has no such settings. */
export function readWsclientRegistry(file: string, content: Buffer): WsclientSettings {
  const values = settingsIn(rootOf(file, content));
  if (values.size === 0) throw new RelaisError('RELAIS_COMMAND_USAGE', `${file}: found no record that begins with ${PREFIX}, expected the registry.xml of a site with the client (imio.pm.wsclient)`);
  const text = (name: string): string => values.get(name)?.text.trim() ?? '';
  const rows = (name: string): readonly Row[] => (values.get(name)?.children ?? []).map(rowOf);
  return {
    url: text('pm_url'), login: text('pm_username'), userMappings: rows('user_mappings'), fieldMappings: rows('field_mappings'), actions: rows('generated_actions'),
    allowedAnnexTypes: rows('allowed_annexes_types'), displayCondition: text('viewlet_display_condition'),
    onlyOneSending: text('only_one_sending') === '' ? null : /^true$/i.test(text('only_one_sending')),
  };
}

/** The element `value` of each setting: of a record of its own, or one of those with a common prefix. */
function settingsIn(root: Node): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (const record of root.children) {
    const [name = '', prefix] = [record.attributes.get('name'), record.attributes.get('prefix')];
    const values = record.children.filter((child) => child.name === 'value');
    if (record.name === 'record' && name.startsWith(`${PREFIX}.`)) values.forEach((value) => found.set(name.slice(PREFIX.length + 1), value));
    if (record.name !== 'records' || (prefix ?? record.attributes.get('interface')) !== PREFIX) continue;
    for (const value of values) found.set(value.attributes.get('key') ?? '', value);
  }
  return found;
}

function rowOf({ children }: Node): Row {
  return Object.fromEntries(children.map((cell) => [cell.attributes.get('key') ?? '', cell.text.trim()]));
}

function rootOf(file: string, content: Buffer): Node {
  const open: Node[] = [];
  const root: { node?: Node } = {};
  const handler = {
    wants: 'text' as const,
    open(tag: { readonly local: string; readonly attributes: readonly { readonly local: string; readonly value: string }[] }) {
      const node: Node = { name: tag.local, attributes: new Map(tag.attributes.map(({ local, value }) => [local, value])), children: [], text: '' };
      const parent = open.at(-1);
      if (parent === undefined) root.node = node;
      else parent.children.push(node);
      open.push(node);
    },
    text(text: string) {
      const node = open.at(-1);
      if (node !== undefined) node.text += text;
    },
    bytes: () => undefined,
    close: () => { open.pop(); },
  };
  try {
    const sink = documentSink(new XmlTokenizer(handler, LIMITS, 'the file'), undefined);
    sink.push(content);
    sink.end();
  } catch (error) {
    throw new RelaisError('RELAIS_COMMAND_USAGE', `${file}: found no XML that can be read (${error instanceof Error ? error.message : String(error)}), expected a registry.xml`, { cause: error });
  }
  return root.node ?? { name: '', attributes: new Map(), children: [], text: '' };
}
