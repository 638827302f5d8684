import type { PropertyDefinition, TypeDefinition } from './answers.js';

function property(id: string, propertyType = 'string', cardinality = 'single', updatability = 'readwrite'): [string, PropertyDefinition] {
  return [id, { id, queryName: id, propertyType, cardinality, updatability }];
}

const object = [property('cmis:name'), property('cmis:description'), property('cmis:objectTypeId', 'id', 'single', 'oncreate'), property('cmis:secondaryObjectTypeIds', 'id', 'multi'), property('cmis:objectId', 'id', 'single', 'readonly')];

/** Types of the simulated repository: those of the standard, a deliberation with properties of every type, a note without versions, and an
 * aspect that holds the key of Relais. */
export const TYPES: ReadonlyMap<string, TypeDefinition> = new Map(([
  { id: 'cmis:folder', queryName: 'cmis:folder', versionable: null, propertyDefinitions: Object.fromEntries(object) },
  { id: 'cmis:document', queryName: 'cmis:document', versionable: true, propertyDefinitions: Object.fromEntries(object) },
  {
    id: 'D:act:deliberation', queryName: 'act:deliberation', versionable: true,
    propertyDefinitions: Object.fromEntries([
      ...object, property('act:number'), property('act:amount', 'decimal'), property('act:pages', 'integer'), property('act:date', 'datetime'), property('act:public', 'boolean'), property('act:themes', 'string', 'multi'),
    ]),
  },
  { id: 'D:act:note', queryName: 'act:note', versionable: false, propertyDefinitions: Object.fromEntries([...object, property('act:number')]) },
  { id: 'P:rel:deliverable', queryName: 'rel:deliverable', versionable: null, propertyDefinitions: Object.fromEntries([property('rel:key')]) },
  { id: 'P:act:known', queryName: 'act:known', versionable: null, propertyDefinitions: Object.fromEntries([property('act:ged')]) },
] satisfies TypeDefinition[]).map((type) => [type.id, type]));

/** Definition of a property among some types. */
export function definitionAmong(id: string, types: readonly string[]): PropertyDefinition | undefined {
  return types.map((type) => TYPES.get(type)?.propertyDefinitions?.[id]).find((definition) => definition !== undefined);
}
