import { XMLParser } from 'fast-xml-parser';
import { wsdlChildren, type WsdlChild } from './wsdl-types.js';

/** An element as the wire has it: its name with its prefix, attributes, and what it holds, in order. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

type Parsed = Readonly<Record<string, unknown>>;

const COMPLEX = ['ConfigInfo', 'GroupInfo', 'BasicInfo', 'AnnexInfo', 'TemplateInfo', 'ItemInfo', 'MeetingInfo'];

const LEXICAL: Readonly<Record<string, RegExp>> = {
  boolean: /^(?:true|false)$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  base64Binary: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', trimValues: false, parseTagValue: false, parseAttributeValue: false });
const known = new Map<string, readonly WsdlChild[]>();

function childrenOf(type: string): readonly WsdlChild[] {
  const children = known.get(type) ?? wsdlChildren(type);
  known.set(type, children);
  return children;
}

function elements(parsed: readonly Parsed[]): Element[] {
  return parsed.flatMap((node) => {
    const [name, content] = Object.entries(node).find(([key]) => key !== ':@') ?? [];
    if (name === undefined || name === '#text' || !Array.isArray(content)) return [];
    const inner = content as Parsed[];
    const text = inner.map((one) => one['#text']).filter((one) => typeof one === 'string').join('');
    return [{ name, attributes: (node[':@'] ?? {}) as Record<string, string>, children: elements(inner), text }];
  });
}

/** What a reply does that the served WSDL does not declare, as `path: what`; none for a valid one. Covers the names, the
 * namespaces, the order, the occurrences and the spelling of values (contracts/ws4pm.md §1.5 E1–E5, E9). */
export function wsdlMistakes(operation: string, reply: string): string[] {
  const [envelope] = elements(parser.parse(reply) as Parsed[]);
  const body = envelope?.children.at(-1);
  const wrapper = body?.children[0];
  const response = `${operation}Response`;
  if (envelope?.name !== 'SOAP-ENV:Envelope' || body?.name !== 'SOAP-ENV:Body' || wrapper === undefined) return ['the envelope is not one'];
  const [prefix = '', name] = wrapper.name.split(':');
  if (name !== response || wrapper.attributes[`xmlns:${prefix}`] !== 'http://ws4pm.imio.be') return [`${wrapper.name}: not the ${response} of the namespace`];
  return structMistakes(response, wrapper, response);
}

function structMistakes(type: string, element: Element, path: string): string[] {
  const declared = childrenOf(type);
  const names = declared.map((child) => child.name);
  const positions = element.children.map((child) => names.indexOf(child.name)).filter((position) => position !== -1);
  const mistakes = element.children.filter((child) => !names.includes(child.name)).map((child) => `${path}/${child.name}: not declared`);
  if (positions.some((position, index) => position < (positions[index - 1] ?? 0))) mistakes.push(`${path}: not in the order of the schema`);
  if (element.text.trim() !== '') mistakes.push(`${path}: text beside elements`);
  for (const child of declared) {
    const found = element.children.filter((one) => one.name === child.name);
    if (found.length === 0 && child.occurs.startsWith('1')) mistakes.push(`${path}/${child.name}: missing`);
    if (found.length > 1 && child.occurs.endsWith('..1')) mistakes.push(`${path}/${child.name}: more than one`);
    for (const one of found) mistakes.push(...elementMistakes(child.type, one, `${path}/${child.name}`));
  }
  return mistakes;
}

function elementMistakes(type: string, element: Element, path: string): string[] {
  const mistakes = Object.keys(element.attributes).map((attribute) => `${path}: attribute ${attribute}`);
  if (COMPLEX.includes(type)) return [...mistakes, ...structMistakes(type, element, path)];
  if (type === 'anyType') return [...mistakes, ...element.children.filter((child) => child.name.includes(':')).map((child) => `${path}/${child.name}: qualified`)];
  if (element.children.length > 0) mistakes.push(`${path}: elements in a ${type}`);
  if (LEXICAL[type]?.test(element.text) === false) mistakes.push(`${path}: ${element.text.slice(0, 40)} is no ${type}`);
  return mistakes;
}
