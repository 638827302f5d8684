import { open_wsdl } from 'soap/lib/wsdl/index.js';
import { RelaisError } from '../errors.js';

/** What the edge tells apart; other XML Schema types with text content count as `string` or `number`. */
export type SimpleType = 'string' | 'boolean' | 'number' | 'dateTime' | 'base64Binary' | 'any';

export interface StructType {
  /** In the order of the schema, which is the order on the wire. */
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
}

export interface Field {
  readonly name: string;
  readonly type: SimpleType | StructType;
  /** Has to be there in a reply. */
  readonly required: boolean;
  /** May occur more than once: a list. */
  readonly repeatable: boolean;
  /** The schema's `default` as text. */
  readonly default: string | undefined;
}

export interface OperationModel {
  readonly name: string;
  readonly requestElement: string;
  readonly responseElement: string;
  readonly input: StructType;
  readonly output: StructType;
}

export interface ServiceModel {
  readonly targetNamespace: string;
  /** By the local name of the request element, which selects the operation (contracts/ws4pm.md §1.4 A1). */
  readonly operations: ReadonlyMap<string, OperationModel>;
}

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
  readonly $type?: string;
  readonly $base?: string;
  readonly $minOccurs?: string | number;
  readonly $maxOccurs?: string | number;
  readonly $default?: string;
  readonly children: readonly Node[];
}
interface Schema {
  readonly elements: Readonly<Record<string, Node>>;
  readonly complexTypes: Readonly<Record<string, Node>>;
  readonly types: Readonly<Record<string, Node>>;
}
interface Definitions {
  readonly $targetNamespace: string;
  readonly xmlns: Readonly<Record<string, string>>;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly portTypes: Readonly<Record<string, { readonly methods: Readonly<Record<string, { readonly input: Node; readonly output: Node }>> }>>;
}

/** Reads a WSDL 1.1 file (document/literal, sequences of elements) into a plain model. Throws RELAIS_INTERNAL for a
 * construct that the edge would not read or write rightly. */
export async function loadServiceModel(wsdlFile: string): Promise<ServiceModel> {
  const definitions = await parse(wsdlFile);
  const schema = definitions.schemas[definitions.$targetNamespace];
  if (schema === undefined) throw unusable(`no schema for ${definitions.$targetNamespace}`);
  const types = typeReader(definitions, schema);
  const operations = new Map<string, OperationModel>();
  for (const [name, method] of Object.entries(Object.values(definitions.portTypes)[0]?.methods ?? {})) {
    const requestElement = method.input.$name ?? '';
    const responseElement = method.output.$name ?? '';
    const operation = { name, requestElement, responseElement, input: types.ofElement(requestElement), output: types.ofElement(responseElement) };
    operations.set(requestElement, operation);
  }
  return { targetNamespace: definitions.$targetNamespace, operations };
}

function parse(wsdlFile: string): Promise<Definitions> {
  return new Promise((resolve, reject) => {
    open_wsdl(wsdlFile, {}, (error: unknown, wsdl) => {
      if (wsdl === undefined) reject(new RelaisError('RELAIS_INTERNAL', `the WSDL ${wsdlFile} cannot be read`, { cause: error }));
      else resolve(wsdl.definitions as unknown as Definitions);
    });
  });
}

function unusable(what: string): RelaisError {
  return new RelaisError('RELAIS_INTERNAL', `the WSDL cannot be served: ${what}`);
}

function typeReader(definitions: Definitions, schema: Schema): { ofElement(name: string): StructType } {
  const known = new Map<string, StructType>();

  function ofElement(name: string): StructType {
    const element = schema.elements[name];
    if (element === undefined) throw unusable(`element ${name} is not declared`);
    const type = ofNode(element);
    if (typeof type === 'string') throw unusable(`element ${name} is not a sequence`);
    return type;
  }

  function ofNode(element: Node): SimpleType | StructType {
    if (element.$type !== undefined) return ofName(element.$type);
    const inline = element.children.find((child) => child.name === 'complexType');
    return inline === undefined ? 'any' : ofComplexType(inline);
  }

  function ofName(qname: string): SimpleType | StructType {
    const [prefix, local] = qname.includes(':') ? qname.split(':') as [string, string] : ['', qname];
    if (definitions.xmlns[prefix] === XML_SCHEMA) {
      const builtIn = BUILT_IN.get(local);
      if (builtIn === undefined) throw unusable(`type ${qname} is not supported`);
      return builtIn;
    }
    const simple = schema.types[local]?.children.find((child) => child.name === 'restriction')?.$base;
    if (simple !== undefined) return ofName(simple);
    const seen = known.get(local);
    if (seen !== undefined) return seen;
    const complex = schema.complexTypes[local];
    if (complex === undefined) throw unusable(`type ${qname} is not declared`);
    return ofComplexType(complex, local);
  }

  function ofComplexType(complex: Node, name?: string): StructType {
    const fields: Field[] = [];
    const byName = new Map<string, Field>();
    const struct: StructType = { fields, byName };
    // Known before its fields are read, so that a type may hold itself.
    if (name !== undefined) known.set(name, struct);
    for (const group of complex.children.filter((child) => child.name !== 'annotation')) {
      if (group.name !== 'sequence') throw unusable(`${name ?? 'a type'} is a ${group.name}; only sequences are supported`);
      for (const element of group.children) fields.push(fieldOf(element));
    }
    for (const field of fields) byName.set(field.name, field);
    return struct;
  }

  function fieldOf(element: Node): Field {
    if (element.name !== 'element' || element.$name === undefined) throw unusable(`a sequence holds ${element.name}`);
    const max = element.$maxOccurs ?? 1;
    return {
      name: element.$name,
      type: ofNode(element),
      required: Number(element.$minOccurs ?? 1) > 0,
      repeatable: max === 'unbounded' || Number(max) > 1,
      default: element.$default,
    };
  }

  return { ofElement };
}
