import { loadWsdlModel, unusableWsdl } from './wsdl-model.js';
import type { Field, StructType } from './wsdl-model.js';

export type { Field, SimpleType, StructType } from './wsdl-model.js';

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

/** What the edge serves of a WSDL: messages that are structs. Throws RELAIS_INTERNAL for a construct that the edge would not
 * read or write rightly. */
export async function loadServiceModel(wsdlFile: string): Promise<ServiceModel> {
  const { targetNamespace, operations } = await loadWsdlModel(wsdlFile);
  const served = [...operations.values()].map(({ name, request, response }): OperationModel => (
    { name, requestElement: request.name, responseElement: response.name, input: structOf(request), output: structOf(response) }
  ));
  return { targetNamespace, operations: new Map(served.map((operation) => [operation.requestElement, operation])) };
}

function structOf({ name, type }: Field): StructType {
  if (typeof type === 'string') throw unusableWsdl(`element ${name} is not a sequence`);
  return type;
}
