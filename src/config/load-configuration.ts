import fs from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { authorityIdText, authoritySchema, mainFileSchema, type AuthorityEntry, type ServerEntry } from './authority-schema.js';
import { buildAuthority, type AuthorityConfiguration } from './build-authority.js';
import { checkAuthority, type ConnectorFacts } from './check-authority.js';
import { checkConnectors } from './check-connectors.js';
import { checkFiles, checkTls } from './check-files.js';
import type { Report } from './check-names.js';
import { refuseExposedDemo } from './demo-exposure.js';
import { valueAt } from './explain-issue.js';
import { ConfigurationInvalid, type Problem } from './problem.js';
import { readSection } from './read-section.js';
import { selectTexts } from './select.js';
import type { Path } from './yaml-file.js';

export type { AuthorityConfiguration, ConfiguredAccount } from './build-authority.js';

/** What a connector must tell, so that settings and flows can be checked. Connectors are that. */
export interface ConnectorDescription {
  readonly manifest: { readonly kinds: readonly string[]; readonly operations: Readonly<Record<string, unknown>> };
  readonly settings: z.ZodType;
}

export interface LoadOptions {
  readonly connectors: ReadonlyMap<string, ConnectorDescription>;
  /** Called with each secret that the configuration refers to, before anything else sees it: have the logger hide it. */
  readonly onSecret?: (value: string) => void;
}

/** `server:` with every default; the files of `tls` are absolute. */
export type ServerSettings = ServerEntry;

export interface Configuration {
  readonly server: ServerSettings;
  /** Everything that must survive is below it: RELAIS_DATA, or `data` in the working directory. Absolute. */
  readonly dataFolder: string;
  readonly authorities: readonly AuthorityConfiguration[];
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Loading {
  readonly env: Environment;
  readonly dataFolder: string;
  readonly facts: ReadonlyMap<string, ConnectorFacts>;
  readonly schemas: ReadonlyMap<string, z.ZodType>;
  readonly onSecret: (value: string) => void;
  readonly problems: Problem[];
  readonly authorities: AuthorityConfiguration[];
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'found no such file, expected the configuration; correct the name or RELAIS_CONFIG',
  EISDIR: 'found a folder, expected a file such as relais.yaml in it',
  EACCES: 'found a file that Relais may not read, expected one that its account can read',
};

const TEMPLATES = ['meetingConfigs.*.templates.*.source'];

/** Reads `relais.yaml` and every `authorities/<id>.yaml` beside it. Throws ConfigurationInvalid (RELAIS_CONFIG_INVALID)
 * with all mistakes of all files at once, or RELAIS_CONFIG_DEMO_EXPOSED. `env` gives RELAIS_DATA, PORT (instead of
 * server.port) and what `${env:NAME}` refers to. */
export async function loadConfiguration(file: string, env: Environment, options: LoadOptions): Promise<Configuration> {
  const loading: Loading = {
    env,
    dataFolder: dataFolderOf(env),
    facts: new Map([...options.connectors].map(([id, { manifest }]) => [id, { kinds: manifest.kinds, operations: Object.keys(manifest.operations) }])),
    schemas: new Map([...options.connectors].map(([id, { settings }]) => [id, settings])),
    onSecret: options.onSecret ?? (() => undefined),
    problems: [],
    authorities: [],
  };
  const main = await readMainFile(file, loading);
  const folder = path.join(path.dirname(file), 'authorities');
  for (const name of await authorityFiles(folder)) await readAuthorityFile(path.join(folder, name), main.verifiesCertificates, loading);
  const { server } = main;
  if (server !== undefined && loading.authorities.length === 0 && loading.problems.length === 0) {
    loading.problems.push(wholeFile(file, 'found no authority, expected `authority:` here or a file in authorities/'));
  }
  if (server === undefined || loading.problems.length > 0) throw new ConfigurationInvalid(sorted(loading.problems));
  refuseExposedDemo(server.host, loading.authorities.flatMap((authority) => authority.accounts));
  return { server, dataFolder: loading.dataFolder, authorities: loading.authorities };
}

/** The folder for everything that must survive: RELAIS_DATA, or `data` in the working directory. A variable that is set to
 * nothing counts as not set, here and elsewhere: service managers write them so. Absolute. */
export function dataFolderOf(env: Environment): string {
  const { RELAIS_DATA: folder = '' } = env;
  return path.resolve(folder === '' ? 'data' : folder);
}

interface MainFile {
  /** Undefined when the file is wrong. */
  readonly server: ServerSettings | undefined;
  readonly verifiesCertificates: boolean;
}

async function readMainFile(file: string, loading: Loading): Promise<MainFile> {
  const section = await readFile(file, mainFileSchema, loading);
  if (section === undefined) return { server: undefined, verifiesCertificates: true };
  const { data, entry, report } = section;
  const folder = path.resolve(path.dirname(file));
  checkFiles(data, ['server.tls.cert', 'server.tls.key', 'server.tls.clientCa'], folder, report);
  checkTls(data, folder, report);
  const verifiesCertificates = typeof valueAt(data, ['server', 'tls', 'clientCa']) === 'string';
  const { authority } = entry ?? {};
  addAuthority({ ...section, entry: authority, base: ['authority'], id: authority?.id ?? 'default', path: '', folder, verifiesCertificates }, loading);
  return { server: entry === undefined ? undefined : serverSettings(entry.server, folder, file, loading), verifiesCertificates };
}

async function readAuthorityFile(file: string, verifiesCertificates: boolean, loading: Loading): Promise<void> {
  const id = path.basename(file, '.yaml');
  const named = authorityIdText.safeParse(id);
  if (!file.endsWith('.yaml')) loading.problems.push(wholeFile(file, 'found the ending .yml, expected .yaml'));
  else if (!named.success) loading.problems.push(wholeFile(file, `found the file name ${id}, expected ${named.error.issues[0]?.message ?? 'an id'}`));
  if (loading.authorities.some(({ authority }) => authority.id === id)) {
    loading.problems.push(wholeFile(file, `found a second authority ${id}, expected another file name, or another id in the main file`));
  }
  const section = await readFile(file, authoritySchema, loading);
  if (section !== undefined) addAuthority({ ...section, base: [], id, path: `/${id}`, folder: path.resolve(path.dirname(file)), verifiesCertificates }, loading);
}

interface AuthoritySection {
  readonly data: unknown;
  readonly written: unknown;
  readonly entry: AuthorityEntry | undefined;
  readonly report: Report;
  /** Where the authority stands in its file. */
  readonly base: Path;
  readonly id: string;
  readonly path: string;
  readonly folder: string;
  readonly verifiesCertificates: boolean;
}

function addAuthority(section: AuthoritySection, loading: Loading): void {
  const { base, entry } = section;
  const data = valueAt(section.data, base);
  if (data === undefined) return;
  const before = loading.problems.length;
  const report: Report = (place, message, spot) => section.report([...base, ...place], message, spot);
  checkAuthority(data, loading.facts, report);
  checkFiles(data, TEMPLATES, section.folder, report);
  if (!section.verifiesCertificates) {
    for (const { path: place } of selectTexts(data, 'users.*.certificates.*')) {
      report(place, 'found a certificate that nothing verifies, expected server.tls.clientCa to be set');
    }
  }
  const settings = checkConnectors(data, valueAt(section.written, base), loading.schemas, report);
  if (entry === undefined || loading.problems.length > before) return;
  loading.authorities.push(buildAuthority(entry, { id: section.id, path: section.path, folder: section.folder, connectors: loading.facts, settings }));
}

async function readFile<Schema extends z.ZodType>(file: string, schema: Schema, loading: Loading) {
  const { env, dataFolder, onSecret, problems } = loading;
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => error as NodeJS.ErrnoException);
  if (typeof text === 'string') return readSection({ name: file, text }, schema, { env, dataFolder, folder: path.resolve(path.dirname(file)), onSecret }, problems);
  problems.push(wholeFile(file, UNREADABLE[text.code ?? ''] ?? `the file cannot be read (${text.code ?? text.message})`));
  return undefined;
}

async function authorityFiles(folder: string): Promise<string[]> {
  const names = await fs.readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).toSorted();
}

function serverSettings(server: ServerEntry, folder: string, file: string, { env, problems }: Loading): ServerSettings {
  const port = env.PORT === undefined || env.PORT === '' ? server.port : Number(env.PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    problems.push(wholeFile(file, `found the environment variable PORT ${JSON.stringify(env.PORT)}, expected a port number`));
  }
  const { tls } = server;
  const absolute = (name: string): string => path.resolve(folder, name);
  return {
    ...server,
    port,
    tls: tls === null ? null : { cert: absolute(tls.cert), key: absolute(tls.key), clientCa: tls.clientCa === null ? null : absolute(tls.clientCa) },
  };
}

function wholeFile(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', message };
}

/** In the order in which somebody reads the files. */
function sorted(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  return problems.toSorted((one, other) => files.indexOf(one.file) - files.indexOf(other.file) || one.line - other.line || one.column - other.column);
}
