import { XMLParser } from 'fast-xml-parser';
import fs from 'node:fs';
import path from 'node:path';

export interface WsdlChild { readonly name: string; readonly type: string; readonly occurs: string; readonly default: string | undefined }

interface Complex { readonly name?: string; readonly sequence: { readonly element: Readonly<Record<string, string>>[] } }
interface Schema { readonly complexType: Complex[]; readonly element: { readonly name: string; readonly complexType?: Complex }[] }

const LISTS = ['complexType', 'element'];

/** Children of a named complexType, or of the response element of that name, in the order of the served WSDL. */
export function wsdlChildren(name: string): WsdlChild[] {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', removeNSPrefix: true, parseAttributeValue: false, isArray: (tag) => LISTS.includes(tag) });
  const document = parser.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../wsdl/ws4pm.wsdl'))) as { definitions: { types: { schema: Schema } } };
  const { schema } = document.definitions.types;
  const anonymous = schema.element.find((element) => element.name === name)?.complexType as Complex | Complex[] | undefined;
  const found = schema.complexType.find((type) => type.name === name) ?? (Array.isArray(anonymous) ? anonymous[0] : anonymous);
  if (found === undefined) throw new Error(`the WSDL has no ${name}`);
  return found.sequence.element.map((child) => ({
    name: child['name'] ?? '', type: (child['type'] ?? '').replace(/^\w+:/, ''),
    occurs: `${child['minOccurs'] ?? 1}..${child['maxOccurs'] ?? 1}`, default: child['default'],
  }));
}
