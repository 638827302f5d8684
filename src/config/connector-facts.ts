import type { z } from 'zod';
import type { AnyField, TargetField } from '../domain/mapping.js';

/** What is asked of a step of this operation. */
export interface OperationFacts {
  readonly fields?: Readonly<Record<string, TargetField>>;
  readonly anyField?: AnyField;
}

/** What a connector must tell, so that settings and flows can be checked. Connectors are that. */
export interface ConnectorDescription {
  readonly manifest: {
    readonly kinds: readonly string[];
    readonly operations: Readonly<Record<string, OperationFacts>>;
  };
  readonly settings: z.ZodType;
  readonly collect?: { readonly kinds?: readonly string[] };
  readonly deliberation?: object;
}

/** What the build knows of a connector, for checking what refers to it. */
export interface ConnectorFacts {
  readonly kinds: readonly string[];
  readonly operations: ReadonlyMap<string, OperationFacts>;
  /** Kinds of what it brings in unasked; undefined: it collects nothing. */
  readonly collects?: readonly string[];
  /** It can stand behind a meeting config. */
  readonly decides?: true;
}

/** The facts of a connector's description. */
export function factsOf({ manifest, collect, deliberation }: ConnectorDescription): ConnectorFacts {
  const { kinds, operations } = manifest;
  return {
    kinds, operations: new Map(Object.entries(operations)),
    ...(collect !== undefined && { collects: collect.kinds ?? [] }), ...(deliberation !== undefined && { decides: true }),
  };
}
