import fs from 'node:fs/promises';
import path from 'node:path';
import { wholeFile, type Problem } from './problem.js';
import { readYaml, type YamlFile } from './yaml-file.js';

/** Reads the files of one configuration, each once. */
export interface ConfigurationReader {
  /** Undefined when it cannot be read or is not YAML: that has been reported then, once. */
  read(file: string): Promise<YamlFile | undefined>;
  /** The YAML files of a folder in the order of their names, hidden ones left out; none when it is not there. Those that
   * end in .yml are reported and left out. */
  list(folder: string): Promise<string[]>;
  /** Notes a file that ought to be there and is not. */
  miss(file: string): void;
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'found no such file, expected the configuration; correct the name or RELAIS_CONFIG',
  EISDIR: 'found a folder, expected a file such as relais.yaml in it',
  EACCES: 'found a file that Relais may not read, expected one that its account can read',
};

/** `onRead` is told of every file and folder that is looked at, absolute. */
export function createConfigurationReader(add: (problem: Problem) => void, onRead: (place: string) => void): ConfigurationReader {
  const read = new Map<string, Promise<YamlFile | undefined>>();
  return {
    read(file) {
      const place = path.resolve(file);
      const reading = read.get(place) ?? readOnce(file, add);
      read.set(place, reading);
      onRead(place);
      return reading;
    },
    async list(folder) {
      onRead(path.resolve(folder));
      const names = await namesIn(folder);
      for (const name of names.filter((one) => one.endsWith('.yml'))) add(wholeFile(path.join(folder, name), 'found the ending .yml, expected .yaml'));
      return names.filter((name) => name.endsWith('.yaml')).map((name) => path.join(folder, name));
    },
    miss: (file) => { onRead(path.resolve(file)); },
  };
}

async function readOnce(file: string, add: (problem: Problem) => void): Promise<YamlFile | undefined> {
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => error as NodeJS.ErrnoException);
  if (typeof text !== 'string') {
    add(wholeFile(file, UNREADABLE[text.code ?? ''] ?? `the file cannot be read (${text.code ?? text.message})`));
    return undefined;
  }
  const yaml = readYaml(file, text);
  for (const problem of yaml.problems) add(problem);
  return yaml.problems.length > 0 ? undefined : yaml;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await fs.readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^[^.].*\.ya?ml$/.test(name)).toSorted();
}
