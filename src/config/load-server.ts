import path from 'node:path';
import { serverSchema } from './server-schema.js';
import type { ServerEntry } from './authority-schema.js';
import { plainSecrets } from './check-connectors.js';
import { checkFiles, checkTls } from './check-files.js';
import type { Report } from './check-names.js';
import type { Loading } from './loading.js';
import { wholeFile } from './problem.js';
import { readSection, type Section } from './read-section.js';
import { problemAt, type Sourced } from './sourced.js';

/** Where everything is kept. `url` is a secret. */
export type StoreSettings =
  | { readonly engine: 'sqlite' }
  | { readonly engine: 'postgres'; readonly url: string; readonly poolSize: number; readonly blobs: 'folder' | 'database' };

/** The server that takes mails. `password` is a secret. */
export type MailSettings = NonNullable<ServerEntry['mail']>;

/** The time-stamp authority (RFC 3161). `ca` is the absolute path of a file. */
export type TimestampSettings = NonNullable<ServerEntry['timestamps']>;

/** `server:` with every default; files are absolute, but those among `connectors` are as they are written. */
export interface ServerSettings extends Omit<ServerEntry, 'store'> {
  readonly store: StoreSettings;
}

export interface LoadedServer {
  readonly section: Section<unknown>;
  /** Undefined when the section is wrong. */
  readonly settings: ServerSettings | undefined;
}

const FILES = ['tls.cert', 'tls.key', 'tls.clientCa', 'timestamps.ca'];

/** Checks `server:` of the main file; mistakes are reported. */
export function loadServer(written: Sourced, loading: Loading): LoadedServer {
  const report: Report = (place, message, spot) => { loading.problems.add(problemAt(written.place, place, message, spot)); };
  const { file } = written.place.yaml;
  const folder = path.resolve(path.dirname(file));
  const section = readSection(written, serverSchema, { ...loading.sources, isLiteral: () => false }, report);
  for (const place of plainSecrets(written.value, serverSchema)) report(place, 'found a secret in plain text, expected a reference to it: ${env:NAME} or ${file:/path}');
  checkFiles(section.data, FILES, () => folder, report);
  checkTls(section.data, folder, report);
  return { section, settings: section.entry === undefined ? undefined : settingsOf(section.entry, folder, file, loading) };
}

function settingsOf(server: ServerEntry, folder: string, file: string, loading: Loading): ServerSettings {
  const { tls, timestamps } = server;
  const absolute = (name: string): string => path.resolve(folder, name);
  for (const one of [tls?.cert, tls?.key, tls?.clientCa, timestamps?.ca]) if (typeof one === 'string') loading.onRead(absolute(one));
  return {
    ...server,
    port: portOf(server, file, loading),
    tls: tls === null ? null : { cert: absolute(tls.cert), key: absolute(tls.key), clientCa: tls.clientCa === null ? null : absolute(tls.clientCa) },
    timestamps: timestamps === null ? null : { ...timestamps, ca: absolute(timestamps.ca) },
    store: storeOf(server.store),
  };
}

function portOf(server: ServerEntry, file: string, { env, problems }: Loading): number {
  const port = env.PORT === undefined || env.PORT === '' ? server.port : Number(env.PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    problems.add(wholeFile(file, `found the environment variable PORT ${JSON.stringify(env.PORT)}, expected a port number`));
  }
  return port;
}

function storeOf({ engine, url, poolSize, blobs }: ServerEntry['store']): StoreSettings {
  return engine === 'postgres' && url !== undefined ? { engine, url, poolSize, blobs } : { engine: 'sqlite' };
}
