import { z } from 'zod';

/** Ending of a manifest: `<name>.manifest.json`. */
export const MANIFEST_ENDING = '.manifest.json';
/** A longer one is refused before it is read. */
export const MANIFEST_BYTES = 256 * 1024;

const FILES = 200;

/** The database of an installation may be PostgreSQL, which takes no NUL in a text. */
const text = (longest: number) => z.string().max(longest).refine((given) => !given.includes('\0'), 'a text without NUL');

/** The name of a file beside the manifest. */
const filename = z.string().min(1).max(255).refine((name) => !/[/\\\0]/.test(name) && !name.startsWith('.'), 'the name of a file beside the manifest');

const fileSchema = z.strictObject({
  name: filename,
  title: text(500).optional(),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits').transform((digits) => digits.toLowerCase()).optional(),
});

const manifestSchema = z.strictObject({
  title: text(500).min(1).optional(),
  description: text(20_000).optional(),
  externalIdentifier: text(500).optional(),
  extra: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'a name of letters, digits and _'), z.union([text(20_000), z.boolean(), z.number(), z.array(text(20_000)).max(1000)])).optional(),
  /** Of the only file, where `files` does not name several. */
  sha256: fileSchema.shape.sha256,
  files: z.array(fileSchema).min(1).max(FILES).optional(),
});

/** What a manifest says of the item, and of its files in their order. */
export interface Manifest {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly externalIdentifier?: string | undefined;
  readonly extra?: Readonly<Record<string, string | boolean | number | readonly string[]>> | undefined;
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  readonly name: string;
  readonly title?: string | undefined;
  readonly sha256?: string | undefined;
}

/** Reads the JSON text of a manifest. `present` are the files that it is about where it names none. Answers a mistake in plain words for one that
 * cannot be used. */
export function readManifest(text: string, present: readonly string[]): Manifest | { readonly mistake: string } {
  const json = parse(text);
  if (json === undefined) return { mistake: 'it is not JSON' };
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) return { mistake: parsed.error.issues.map(({ path, message }) => `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`).join('; ') };
  const { files, sha256, ...note } = parsed.data;
  const [only, ...others] = present;
  if (sha256 !== undefined && (files !== undefined || others.length > 0)) return { mistake: 'sha256: of several files, each has its own' };
  const named = files ?? (only === undefined || others.length > 0 ? present.map((name) => ({ name })) : [{ name: only, sha256 }]);
  const names = named.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined ? { ...note, files: named } : { mistake: `files: ${repeated} is there twice` };
}

function parse(text: string): unknown {
  try {
    // editors on Windows begin a file with a mark
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
