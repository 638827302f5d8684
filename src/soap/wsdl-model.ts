import { open_wsdl } from 'soap/lib/wsdl/index.js';
import { RelaisError } from '../errors.js';

/** What is told apart; other XML Schema types with text content count as `string` or `number`. */
export type SimpleType = 'string' | 'boolean' | 'number' | 'dateTime' | 'base64Binary' | 'any';

export interface StructType {
  /** In the order of the schema, which is the order on the wire. */
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
}

interface Content {
  readonly type: SimpleType | StructType;
  /** Bytes whose element also says of what media type they are, in the attribute `contentType` of xmlmime. */
  readonly hasContentType: boolean;
}

/** An element. */
export interface Field extends Content {
  readonly name: string;
  /** '' where the schema leaves its local elements unqualified. */
  readonly namespace: string;
  /** Has to be there. */
  readonly required: boolean;
  /** May be `xsi:nil`. */
  readonly nillable: boolean;
  /** May occur more than once: a list. */
  readonly repeatable: boolean;
  /** The schema's `default` as text. */
  readonly default: string | undefined;
}

export interface WsdlOperation {
  readonly name: string;
  readonly request: Field;
  readonly response: Field;
}

export interface WsdlModel {
  readonly targetNamespace: string;
  /** By name. */
  readonly operations: ReadonlyMap<string, WsdlOperation>;
}

export const XMLMIME = 'http://www.w3.org/2005/05/xmlmime';
const XML_SCHEMA = 'http://www.w3.org/2001/XMLSchema';

const BUILT_IN: ReadonlyMap<string, SimpleType> = new Map<string, SimpleType>([
  ...['string', 'normalizedString', 'token', 'language', 'anyURI', 'NCName', 'date', 'time'].map((name) => [name, 'string'] as const),
  ...['int', 'integer', 'long', 'short', 'decimal', 'float', 'double', 'nonNegativeInteger'].map((name) => [name, 'number'] as const),
  ['boolean', 'boolean'],
  ['dateTime', 'dateTime'],
  ['base64Binary', 'base64Binary'],
  ['anyType', 'any'],
]);

/** The part of the `soap` package's parse tree that is read here. Its own types leave `$` members out. */
interface Node {
  readonly name: string;
  readonly $name?: string;
  readonly $ref?: string;
  readonly $type?: string;
  readonly $base?: string;
  readonly $form?: string;
  readonly $minOccurs?: string | number;
  readonly $maxOccurs?: string | number;
  readonly $nillable?: string;
  readonly $default?: string;
  readonly children: readonly Node[];
}
interface Schema {
  readonly $targetNamespace: string;
  readonly $elementFormDefault?: string;
  readonly xmlns: Readonly<Record<string, string>>;
  readonly elements: Readonly<Record<string, Node>>;
  readonly complexTypes: Readonly<Record<string, Node>>;
  readonly types: Readonly<Record<string, Node>>;
}
/** An element that a message names. */
interface Message extends Node { readonly targetNamespace?: string }
interface Definitions {
  readonly $targetNamespace: string;
  readonly xmlns: Readonly<Record<string, string>>;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly portTypes: Readonly<Record<string, { readonly methods: Readonly<Record<string, { readonly input: Message; readonly output: Message }>> }>>;
}

/** Reads a WSDL 1.1 file (document/literal; types are sequences or `all` groups of elements, or text) into a plain model.
 * Throws RELAIS_INTERNAL for a construct that would not be read or written rightly. */
export async function loadWsdlModel(wsdlFile: string): Promise<WsdlModel> {
  const definitions = await parse(wsdlFile);
  const { $targetNamespace: targetNamespace } = definitions;
  const types = new TypeReader(definitions);
  const operations = new Map<string, WsdlOperation>();
  for (const [name, { input, output }] of Object.entries(Object.values(definitions.portTypes)[0]?.methods ?? {})) {
    operations.set(name, { name, request: types.ofMessage(input), response: types.ofMessage(output) });
  }
  if (operations.size === 0) throw unusableWsdl('it has no service with an operation');
  return { targetNamespace, operations };
}

function parse(wsdlFile: string): Promise<Definitions> {
  return new Promise((resolve, reject) => {
    open_wsdl(wsdlFile, {}, (error: unknown, wsdl) => {
      if (wsdl === undefined) reject(new RelaisError('RELAIS_INTERNAL', `the WSDL ${wsdlFile} cannot be read`, { cause: error }));
      else resolve(wsdl.definitions as unknown as Definitions);
    });
  });
}

export function unusableWsdl(what: string): RelaisError {
  return new RelaisError('RELAIS_INTERNAL', `the WSDL cannot be used: ${what}`);
}

/** Types of the schemas of one WSDL. */
class TypeReader {
  readonly #definitions: Definitions;
  readonly #known = new Map<string, Content>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  ofMessage({ targetNamespace = this.#definitions.$targetNamespace, $name: name = '' }: Message): Field {
    return this.#ofGlobal(targetNamespace, name);
  }

  #ofGlobal(namespace: string, local: string): Field {
    const schema = this.#definitions.schemas[namespace];
    const element = schema?.elements[local];
    if (schema === undefined || element === undefined) throw unusableWsdl(`element ${local} of ${namespace} is not declared`);
    return { ...this.#ofElement(element, local, schema), namespace };
  }

  #ofElement(element: Node, name: string, schema: Schema): Field {
    const max = element.$maxOccurs ?? 1;
    const isQualified = (element.$form ?? schema.$elementFormDefault) === 'qualified';
    return {
      name,
      namespace: isQualified ? schema.$targetNamespace : '',
      ...this.#contentOf(element, schema),
      required: Number(element.$minOccurs ?? 1) > 0,
      nillable: element.$nillable === 'true' || element.$nillable === '1',
      repeatable: max === 'unbounded' || Number(max) > 1,
      default: element.$default,
    };
  }

  #contentOf(element: Node, schema: Schema): Content {
    if (element.$type !== undefined) return this.#ofTypeName(element.$type, schema);
    const complex = child(element, 'complexType');
    if (complex !== undefined) return this.#ofComplexType(complex, 'a type', schema);
    const base = child(element, 'simpleType', 'restriction')?.$base;
    return base === undefined ? simple('any') : this.#ofTypeName(base, schema);
  }

  #ofTypeName(qname: string, from: Schema): Content {
    const [namespace, local] = this.#expand(qname, from);
    if (namespace === XML_SCHEMA) {
      const builtIn = BUILT_IN.get(local);
      if (builtIn === undefined) throw unusableWsdl(`type ${qname} is not supported`);
      return simple(builtIn);
    }
    const schema = this.#definitions.schemas[namespace];
    const key = `${namespace} ${local}`;
    const seen = this.#known.get(key);
    if (seen !== undefined) return seen;
    const declared = schema?.types[local] ?? schema?.complexTypes[local];
    if (schema === undefined || declared === undefined) throw unusableWsdl(`type ${qname} is not declared`);
    const base = child(declared, 'restriction')?.$base;
    return base === undefined ? this.#ofComplexType(declared, local, schema, key) : this.#ofTypeName(base, schema);
  }

  #ofComplexType(complex: Node, name: string, schema: Schema, key?: string): Content {
    const extension = child(complex, 'simpleContent', 'extension');
    if (extension?.$base !== undefined) return this.#ofExtension(extension, extension.$base, schema);
    const fields: Field[] = [];
    const byName = new Map<string, Field>();
    const content: Content = { type: { fields, byName }, hasContentType: false };
    // Known before its fields are read, so that a type may hold itself.
    if (key !== undefined) this.#known.set(key, content);
    for (const group of complex.children.filter((found) => found.name !== 'annotation')) {
      if (group.name !== 'sequence' && group.name !== 'all') throw unusableWsdl(`${name} is a ${group.name}; only sequences and "all" groups are supported`);
      for (const element of group.children) fields.push(this.#fieldOf(element, schema));
    }
    for (const field of fields) byName.set(field.name, field);
    return content;
  }

  #ofExtension(extension: Node, base: string, schema: Schema): Content {
    const { type } = this.#ofTypeName(base, schema);
    const isTyped = extension.children.some(({ $ref: ref }) => ref !== undefined && this.#expand(ref, schema).join(' ') === `${XMLMIME} contentType`);
    return { type, hasContentType: type === 'base64Binary' && isTyped };
  }

  #fieldOf(element: Node, schema: Schema): Field {
    if (element.name !== 'element' || element.$name === undefined) throw unusableWsdl(`a sequence holds ${element.name}${element.$ref === undefined ? '' : ` ref="${element.$ref}"`}`);
    return this.#ofElement(element, element.$name, schema);
  }

  /** Namespace and local name. Without prefix it is of the schema itself. */
  #expand(qname: string, { xmlns, $targetNamespace }: Schema): readonly [string, string] {
    const colon = qname.indexOf(':');
    if (colon < 0) return [$targetNamespace, qname];
    const prefix = qname.slice(0, colon);
    return [xmlns[prefix] ?? this.#definitions.xmlns[prefix] ?? '', qname.slice(colon + 1)];
  }
}

function simple(type: SimpleType): Content {
  return { type, hasContentType: false };
}

/** The first child of that name, its first child of the next name, and so on. */
function child(node: Node, ...names: readonly string[]): Node | undefined {
  return names.reduce<Node | undefined>((at, name) => at?.children.find((found) => found.name === name), node);
}
