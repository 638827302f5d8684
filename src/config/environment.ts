import path from 'node:path';

/** Environment variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder for everything that must survive: RELAIS_DATA, or `data` in the working directory. A variable that is set to
 * nothing counts as not set, here and elsewhere: service managers write them so. Absolute. */
export function dataFolderOf(env: Environment): string {
  const { RELAIS_DATA: folder = '' } = env;
  return path.resolve(folder === '' ? 'data' : folder);
}
