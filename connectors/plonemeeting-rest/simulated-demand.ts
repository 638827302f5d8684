/** How much of an element is asked for, by the parameters that begin with a prefix (contracts/plonemeeting-rest.md §4.2). */
export interface Demand {
  /** Any of the parameters that switch from the summary to the full serializer is there. */
  readonly isFull: boolean;
  /** All fields: asked for by the mere presence of `fullobjects`. */
  readonly everything: boolean;
  readonly metadataFields: readonly string[];
  readonly includes: readonly string[];
  readonly additionalValues: readonly string[];
  readonly baseData: boolean;
  /** What is asked of an included element. */
  of(include: string): Demand;
  /** All values of a parameter of the element. */
  values(name: string): readonly string[];
}

const TRIGGERS = /^(?:fullobjects|extra_include|metadata_fields|additional_values|include_[a-z_]+)$/;

export function demandOf(query: URLSearchParams, prefix = ''): Demand {
  const own = (name: string): readonly string[] => query.getAll(`${prefix}${name}`);
  const names = [...query.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const everything = names.includes('fullobjects');
  return {
    isFull: names.some((name) => TRIGGERS.test(name)), everything,
    metadataFields: own('metadata_fields'), includes: own('extra_include'), additionalValues: everything ? ['*'] : own('additional_values'),
    baseData: isTrue(own('include_base_data').at(-1) ?? 'true'),
    of: (include) => demandOf(query, `${prefix}extra_include_${include}_`),
    values: own,
  };
}

/** Everything, as a creation answers. */
export function wholeDemand(): Demand {
  return demandOf(new URLSearchParams({ fullobjects: '' }));
}

/** Only these are false; anything else, even nothing, is true (§1). */
export function isTrue(value: string): boolean {
  return !['false', 'False', '0'].includes(value);
}
