import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RelaisError } from '../errors.js';
import { packageFiles } from './package-files.js';

export interface GenerationParts {
  readonly id: string;
  /** Root of Relais, sources included: the template stands there. */
  readonly relaisFolder: string;
  /** A checkout of Relais that gets the connector, or the folder in which a new npm package is made. */
  readonly target: { readonly repository: string } | { readonly packageIn: string };
}

const TEMPLATE = 'src/connector-kit/template';
const ID = /^[a-z][a-z0-9-]*$/;

/** Writes a connector that works: it talks to a small HTTP service, whose simulator comes with it, and keeps every promise
 * of the contract. Returns the files that were written. Throws RELAIS_COMMAND_USAGE for an id that cannot be. */
export async function generateConnector({ id, relaisFolder, target }: GenerationParts): Promise<readonly string[]> {
  if (!ID.test(id)) throw new RelaisError('RELAIS_COMMAND_USAGE', `id: found ${id}, expected lower-case letters, digits and hyphens, a letter first`);
  const sources = await readTemplate(path.join(relaisFolder, TEMPLATE));
  if ('packageIn' in target) {
    const folder = path.join(target.packageIn, `relais-connector-${id}`);
    const files = [...sources.entries()].map(([name, text]) => [name.endsWith('.ts') ? `src/${name}` : name, forPackage(name, text, id)] as const);
    return await writeNew(folder, new Map([...files, ...packageFiles(id, relaisFolder)]));
  }
  const registry = await readRegistry(target.repository);
  const files = [...sources.entries()].map(([name, text]) => [name, forRepository(named(text, id))] as const);
  const written = await writeNew(path.join(target.repository, 'connectors', id), new Map(files));
  return [...written, ...await register(id, registry)];
}

/** The template is a connector like any other, compiled and rehearsed as such: `acme`. */
async function readTemplate(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const)));
}

function named(text: string, id: string): string {
  const words = id.split('-').filter((word) => word !== '');
  const pascal = words.map(capitalised).join('');
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return text
    .replace(/\bAcme(?=[A-Z])/g, pascal).replace(/\bacme(?=[A-Z])/g, camel)
    .replace(/\bACME(?=_)/g, words.join('_').toUpperCase())
    .replace(/\bAcme\b/g, capitalised(words.join(' '))).replace(/\bacme\b/g, id);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function forRepository(text: string): string {
  return text.replace(/'\.\.\/\.\.\/(connector-api|domain)\//g, '\'../../src/$1/').replace(/'\.\.\/([a-z-]+\.js)'/g, '\'../../src/connector-kit/$1\'');
}

function forPackage(name: string, text: string, id: string): string {
  const linked = named(text, id).replace(/'\.\.\/\.\.\/(?:connector-api|domain)\/[a-z-]+\.js'/g, '\'relais/connector-api\'').replace(/'\.\.\/[a-z-]+\.js'/g, '\'relais/connector-kit\'');
  const merged = mergeImports(linked);
  return name === 'index.ts' ? `${merged}\n/** What Relais loads. */\nexport { ${named('acmeConnector', id)} as connector };\n` : merged;
}

/** What came from several files of Relais comes from one entry of the package. */
function mergeImports(text: string): string {
  const IMPORT = /^import (type )?\{ (.+) \} from '(relais\/[a-z-]+)';\n/gm;
  const names = new Map<string, string[]>();
  for (const [, type = '', listed = '', from = ''] of text.matchAll(IMPORT)) {
    const head = `import ${type}{} from '${from}';\n`;
    names.set(head, [...(names.get(head) ?? []), ...listed.split(', ')]);
  }
  return text.replace(IMPORT, (_line, type: string | undefined, _listed, from: string) => {
    const head = `import ${type ?? ''}{} from '${from}';\n`;
    const all = names.get(head) ?? [];
    names.delete(head);
    return all.length === 0 ? '' : head.replace('{}', `{ ${all.toSorted().join(', ')} }`);
  });
}

/** Refuses to touch a folder that is there. */
async function writeNew(folder: string, files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  if (existsSync(folder)) throw new RelaisError('RELAIS_COMMAND_USAGE', `${folder} is there already; choose another id, or remove it`);
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  }
  return [...files.keys()].map((name) => path.join(folder, name));
}

type Registry = ReadonlyMap<string, string>;

/** The two files of a checkout that list its connectors. */
async function readRegistry(repository: string): Promise<Registry> {
  const files = ['connectors/index.ts', 'connectors/rehearsals.ts'].map((name) => path.join(repository, name));
  if (!files.every((file) => existsSync(file))) throw new RelaisError('RELAIS_COMMAND_USAGE', `${repository} is not a checkout of Relais; --package makes an npm package instead`);
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

async function register(id: string, registry: Registry): Promise<readonly string[]> {
  const constant = named('acmeConnector', id);
  for (const [file, text] of registry) {
    await writeFile(file, file.endsWith('rehearsals.ts') ? withRehearsal(text, id) : withConnector(text, id, constant));
  }
  return [...registry.keys()];
}

function withConnector(text: string, id: string, constant: string): string {
  const imported = text.replace(/(?=\n\n\/\*\*)/, `\nimport { ${constant} } from './${id}/index.js';`);
  return imported.replace(/(?=\]\.map\(\(connector\))/, `, ${constant}`);
}

function withRehearsal(text: string, id: string): string {
  return text.replace(/(?=\n\]\);)/, `\n  ['${id}', async () => (await import('./${id}/rehearsal.js')).rehearsals],`);
}
