import type { FieldSource, FieldValue } from '../domain/mapping.js';
import { explainFields, type MappingContext } from './explain-fields.js';

/** The values that a connector is given, or all that hinders them. `field`: the first one concerned; `fix`: the lines to
 * add to the configuration, one below the other, where that is the way out. */
export type Mapped =
  | { readonly fields: Readonly<Record<string, FieldValue>>; readonly warnings: readonly string[] }
  | { readonly problem: string; readonly fix: string | null; readonly field: string };

/** Maps an item (viewOfItem) onto the declared fields of an operation. A field without a value is absent. Never rejects. */
export async function mapFields(sources: Readonly<Record<string, FieldSource>>, view: unknown, context: MappingContext): Promise<Mapped> {
  const rows = await explainFields(sources, view, context);
  const failed = rows.filter(({ problem }) => problem !== null);
  const [first] = failed;
  if (first !== undefined) {
    const fixes = new Set(failed.flatMap(({ fix }) => fix ?? []));
    return { problem: failed.map(({ problem }) => problem).join(' '), fix: fixes.size === 0 ? null : [...fixes].join('\n'), field: first.field };
  }
  const mapped = rows.flatMap(({ field, value }) => (value === undefined ? [] : [[field, value] as const]));
  return { fields: Object.fromEntries(mapped), warnings: rows.flatMap(({ warnings }) => warnings) };
}
