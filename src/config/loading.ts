import type { z } from 'zod';
import { createConfigurationReader, type ConfigurationReader } from './configuration-reader.js';
import { factsOf, type ConnectorDescription, type ConnectorFacts } from './connector-facts.js';
import { dataFolderOf, type Environment } from './environment.js';
import { createProblemList, type ProblemList } from './problem-list.js';
import type { ReferenceSources } from './resolve-references.js';
import type { FindSimulation } from './simulated-settings.js';

/** What the parts of one loading share. */
export interface Loading {
  readonly env: Environment;
  readonly dataFolder: string;
  readonly facts: ReadonlyMap<string, ConnectorFacts>;
  readonly schemas: ReadonlyMap<string, z.ZodType>;
  readonly findSimulation: FindSimulation;
  readonly reader: ConfigurationReader;
  readonly problems: ProblemList;
  readonly warnings: ProblemList;
  readonly sources: Pick<ReferenceSources, 'env' | 'dataFolder' | 'onSecret' | 'onFile'>;
  /** Notes a file or folder that the configuration depends on, absolute. */
  readonly onRead: (place: string) => void;
  /** Folders into which deposits look, of all authorities, with what looks into each. */
  readonly watchedFolders: Map<string, string>;
  /** All that were noted. */
  readonly files: ReadonlySet<string>;
}

export interface LoadOptions {
  readonly connectors: ReadonlyMap<string, ConnectorDescription>;
  /** None can be simulated, if not given. */
  readonly findSimulation?: FindSimulation;
  /** Called with each secret that the configuration refers to, before anything else sees it: have the logger hide it. */
  readonly onSecret?: (value: string) => void;
}

export function beginLoading(env: Environment, { connectors, findSimulation = () => Promise.resolve(undefined), onSecret = () => undefined }: LoadOptions): Loading {
  const dataFolder = dataFolderOf(env);
  const files = new Set<string>();
  const onRead = (place: string): void => { files.add(place); };
  const problems = createProblemList();
  return {
    env, dataFolder, findSimulation, problems, files, onRead, watchedFolders: new Map(),
    warnings: createProblemList(),
    facts: new Map([...connectors].map(([id, connector]) => [id, factsOf(connector)])),
    schemas: new Map([...connectors].map(([id, { settings }]) => [id, settings])),
    reader: createConfigurationReader((problem) => { problems.add(problem); }, onRead),
    sources: { env, dataFolder, onSecret, onFile: onRead },
  };
}
