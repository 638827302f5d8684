import path from 'node:path';
import { authorityIdText, authoritySchema, mainAuthoritySchema } from './authority-schema.js';
import type { AuthorityConfiguration } from './build-authority.js';
import { refuseExposedDemo } from './demo-exposure.js';
import type { Environment } from './environment.js';
import { loadAuthority, type LoadedAuthority, type Surroundings } from './load-authority.js';
import { loadServer, type ServerSettings } from './load-server.js';
import { beginLoading, type Loading, type LoadOptions } from './loading.js';
import { ConfigurationInvalid, wholeFile, type Problem } from './problem.js';
import { readCentre, readMainFile, type MainFile } from './read-main-file.js';
import type { Section } from './read-section.js';
import { sourcedFile } from './sourced.js';

export type { AuthorityConfiguration, ConfiguredAccount, IncidentSettings } from './build-authority.js';
export type { ConnectorDescription } from './connector-facts.js';
export { dataFolderOf } from './environment.js';
export type { MailSettings, ServerSettings, StoreSettings, TimestampSettings } from './load-server.js';
export type { LoadOptions } from './loading.js';

export interface Configuration {
  readonly server: ServerSettings;
  /** Everything that must survive is below it: RELAIS_DATA, or `data` in the working directory. Absolute. */
  readonly dataFolder: string;
  readonly authorities: readonly AuthorityConfiguration[];
  /** What is allowed and yet looks wrong. */
  readonly warnings: readonly Problem[];
  /** Every file and folder that it was read from, absolute: what changes there may change it. */
  readonly files: readonly string[];
  /** What the files say, for explanations and comparisons. Holds secrets: never show `data` or `entry`. */
  readonly sources: ConfigurationSources;
}

export interface ConfigurationSources {
  readonly server: Section<unknown>;
  /** By the id of the authority. */
  readonly authorities: ReadonlyMap<string, Section<unknown>>;
}

/** Reads `relais.yaml`, every `authorities/<id>.yaml` beside it, and the parts that they extend. Throws
 * ConfigurationInvalid (RELAIS_CONFIG_INVALID) with all mistakes of all files at once, or RELAIS_CONFIG_DEMO_EXPOSED.
 * `env` gives RELAIS_DATA, PORT (instead of server.port) and what `${env:NAME}` refers to. */
export async function loadConfiguration(file: string, env: Environment, options: LoadOptions): Promise<Configuration> {
  const loading = beginLoading(env, options);
  const main = await readMainFile(file, loading);
  const server = main === undefined ? undefined : loadServer(main.server, loading);
  const authorities = main === undefined ? [] : await loadAuthorities(file, main, loading);
  const ids = authorities.map(({ id }) => id);
  const problems = loading.problems.list(ids);
  if (main !== undefined && authorities.length === 0 && problems.length === 0) {
    problems.push(wholeFile(file, 'found no authority, expected `authority:` here or a file in authorities/'));
  }
  if (server?.settings === undefined || problems.length > 0) throw new ConfigurationInvalid(problems, [...loading.files]);
  const built = authorities.flatMap(({ configuration }) => (configuration === undefined ? [] : [configuration]));
  refuseExposedDemo(server.settings.host, built);
  return {
    server: server.settings, dataFolder: loading.dataFolder, authorities: built,
    warnings: loading.warnings.list(ids), files: [...loading.files],
    sources: { server: server.section, authorities: new Map(authorities.map(({ id, section }) => [id, section])) },
  };
}

/** None when what they inherit cannot be read: each would only repeat that. */
async function loadAuthorities(file: string, main: MainFile, loading: Loading): Promise<LoadedAuthority[]> {
  const centre = await readCentre(main.centre, loading);
  if (centre === undefined) return [];
  const around: Surroundings = { loading, centre, hasClientCa: main.hasClientCa, hasMail: main.hasMail };
  const own = main.authority.value === undefined ? undefined : await loadAuthority(main.authority, { path: '', schema: mainAuthoritySchema }, around);
  const authorities = own === undefined ? [] : [own];
  for (const name of await loading.reader.list(path.join(path.dirname(file), 'authorities'))) {
    const id = path.basename(name, '.yaml');
    checkName(name, id, authorities, loading);
    const yaml = await loading.reader.read(name);
    const authority = yaml === undefined ? undefined : await loadAuthority(sourcedFile(yaml), { id, path: `/${id}`, schema: authoritySchema }, around);
    if (authority !== undefined) authorities.push(authority);
  }
  return authorities;
}

function checkName(file: string, id: string, authorities: readonly LoadedAuthority[], { problems }: Loading): void {
  const named = authorityIdText.safeParse(id);
  if (!named.success) problems.add(wholeFile(file, `found the file name ${id}, expected ${named.error.issues[0]?.message ?? 'an id'}`));
  if (authorities.some((authority) => authority.id === id)) {
    problems.add(wholeFile(file, `found a second authority ${id}, expected another file name, or another id in the main file`));
  }
}
