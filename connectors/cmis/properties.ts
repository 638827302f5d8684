import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import type { Submission } from '../../src/connector-api/connector.js';
import type { PropertyDefinition, TypeDefinition } from './answers.js';
import type { CmisClient, Property } from './client.js';
import type { CmisSettings } from './config.js';
import { PROPERTY_PREFIX } from './fields.js';

/** Properties of which the connector has the say itself. */
const OURS = ['cmis:name', 'cmis:objectTypeId', 'cmis:secondaryObjectTypeIds'];

/** Definitions of a type and its aspects. */
export async function definitionsOf(client: CmisClient, types: readonly string[]): Promise<readonly TypeDefinition[]> {
  const found: TypeDefinition[] = [];
  for (const id of types) found.push(await client.type(id));
  return found;
}

/** The mapped properties, each as its definition wants it. Throws Refused, naming the field, for one that the types do not have, that is
 * not written from outside, or whose value does not fit. */
export function propertiesOf(fields: Submission['fields'], types: readonly TypeDefinition[]): readonly Property[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    if (!field.startsWith(PROPERTY_PREFIX) || value === null) return [];
    const id = field.slice(PROPERTY_PREFIX.length);
    const definition = definitionOf(id, types);
    if (definition === undefined) throw new Refused(`Field «${field}»: the repository has no property «${id}» for ${types.map((type) => type.id).join(', ')}. Correct the name, or add the aspect that has it.`);
    if (OURS.includes(id) || definition.updatability === 'readonly') throw new Refused(`Field «${field}»: the property «${id}» is not written this way.`);
    return [propertyOf(field, String(value), definition)];
  });
}

/** A text property of ours, such as the key. Undefined where no type has it. */
export function definitionOf(id: string, types: readonly TypeDefinition[]): PropertyDefinition | undefined {
  return types.map(({ propertyDefinitions }) => propertyDefinitions?.[id]).find((definition) => definition !== undefined);
}

/** Throws Misconfigured where Relais could not write its key into a document of these types. */
export function requireKeyProperty(types: readonly TypeDefinition[], { key }: Pick<CmisSettings, 'key'>): void {
  if (key === undefined || definitionOf(key.property, types) !== undefined) return;
  throw new Misconfigured(`The setting key names the property «${key.property}», which ${types.map(({ id }) => id).join(' and ')} lack. Give the aspect that has it.`);
}

/** An empty text empties it. Several values stand one a line. */
function propertyOf(field: string, text: string, { id, propertyType, cardinality }: PropertyDefinition): Property {
  const multi = cardinality === 'multi';
  const texts = multi ? text.split('\n').map((line) => line.trim()).filter((line) => line !== '') : text === '' ? [] : [text];
  return { id, multi, values: texts.map((one) => valueOf(field, one, propertyType)) };
}

function valueOf(field: string, text: string, type: string): string {
  const expected = (what: string): Refused => new Refused(`Field «${field}»: found «${text}», expected ${what}.`);
  if (type === 'boolean') {
    if (!/^(?:true|false)$/.test(text)) throw expected('true or false');
  } else if (type === 'integer') {
    if (!/^-?\d+$/.test(text)) throw expected('a whole number');
  } else if (type === 'decimal') {
    if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw expected('a number');
  } else if (type === 'datetime') {
    const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
    if (Number.isNaN(at)) throw expected('a date such as 2027-03-01, or a moment');
    return String(at);
  }
  return text;
}
