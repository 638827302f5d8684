import { z } from 'zod';

/** Answers of the browser binding, as far as they are needed; more is passed over (CMIS 1.1 §5). */
export const repositoryList = z.record(z.string(), z.object({ repositoryId: z.string(), repositoryUrl: z.string(), rootFolderUrl: z.string() }));

export type RepositoryInfo = z.infer<typeof repositoryList>[string];

/** A value of a property: one, several, or none. */
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown()), z.null()]);

export const cmisObject = z.object({ succinctProperties: z.record(z.string(), value) });

export type CmisObject = z.infer<typeof cmisObject>;

export const objectList = z.array(cmisObject);

export const queryResults = z.object({ results: z.array(cmisObject) });

const propertyDefinition = z.object({
  id: z.string(), queryName: z.string().nullish(), propertyType: z.string(), cardinality: z.string(), updatability: z.string().nullish(),
});

export type PropertyDefinition = z.infer<typeof propertyDefinition>;

export const typeDefinition = z.object({
  id: z.string(), queryName: z.string().nullish(), versionable: z.boolean().nullish(), propertyDefinitions: z.record(z.string(), propertyDefinition).nullish(),
});

export type TypeDefinition = z.infer<typeof typeDefinition>;

/** Text of a property; null where it has none. */
export function textOf({ succinctProperties }: CmisObject, id: string): string | null {
  const found = succinctProperties[id];
  return typeof found === 'string' && found !== '' ? found : null;
}
