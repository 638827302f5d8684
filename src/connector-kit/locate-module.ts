import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RelaisError } from '../errors.js';

/** The address of a module, for import(). `name` is a file (`./my/connector.mjs`, relative to `folder`, or from the root)
 * or an npm package, looked for in `folder` and those above it, then beside Relais. Throws RELAIS_CONNECTOR_LOAD. */
export function locateModule(name: string, folder: string): string {
  if (isFile(name)) {
    const file = path.resolve(folder, name);
    if (!existsSync(file)) throw new RelaisError('RELAIS_CONNECTOR_LOAD', `connector ${name}: there is no file ${file}`);
    return pathToFileURL(file).href;
  }
  try {
    return locatePackage(name, [path.join(folder, 'x.js'), import.meta.filename]);
  } catch (error) {
    const why = 'code' in (error as Error) && (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' ? `it is not installed; npm install ${name} in ${folder}, or name a file as ./${name}` : (error as Error).message;
    throw new RelaisError('RELAIS_CONNECTOR_LOAD', `connector ${name}: ${why}`);
  }
}

/** The module that rehearses a connector: `rehearsal` beside its file, or the entry `./rehearsal` of its package. */
export function rehearsalName(name: string): string {
  return isFile(name) ? path.join(path.dirname(name), `rehearsal${path.extname(name)}`).replace(/^(?![./])/, './') : `${name}/rehearsal`;
}

function isFile(name: string): boolean {
  return name.startsWith('.') || path.isAbsolute(name);
}

/** The first that resolves it; the mistake of the first otherwise. */
function locatePackage(name: string, from: readonly string[]): string {
  let first: unknown;
  for (const file of from) {
    try {
      return pathToFileURL(createRequire(file).resolve(name)).href;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
