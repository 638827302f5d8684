import { centreSchema, mainFileSchema } from './authority-schema.js';
import { expectedOneOf } from './closest-word.js';
import { describeValue, valueAt } from './explain-issue.js';
import type { Loading } from './loading.js';
import { mergeLayers } from './merge-layers.js';
import type { Problem } from './problem.js';
import { readLayers } from './read-layers.js';
import { entryOf, isMap, problemAt, sourcedFile, withoutKeys, type Sourced } from './sourced.js';

/** The sections of relais.yaml; the value of one that is not there is undefined. */
export interface MainFile {
  readonly server: Sourced;
  readonly centre: Sourced;
  readonly authority: Sourced;
  /** What authorities need to know of the server. */
  readonly hasClientCa: boolean;
  readonly hasMail: boolean;
}

/** Undefined when the file cannot be read or holds no map, which has been reported. */
export async function readMainFile(file: string, { reader, problems }: Loading): Promise<MainFile | undefined> {
  const yaml = await reader.read(file);
  if (yaml === undefined) return undefined;
  const root = sourcedFile(yaml);
  const add = (problem: Problem): void => { problems.add(problem); };
  if (!isMap(root.value)) {
    add(yaml.problemAt([], `found ${describeValue(root.value)}, expected a map of keys`));
    return undefined;
  }
  reportUnknownKeys(root, Object.keys(mainFileSchema.shape), add);
  return {
    server: entryOf(root, 'server'), centre: entryOf(root, 'centre'), authority: entryOf(root, 'authority'),
    hasClientCa: typeof valueAt(root.value, ['server', 'tls', 'clientCa']) === 'string',
    hasMail: isMap(valueAt(root.value, ['server', 'mail'])),
  };
}

/** What every authority inherits; empty when nothing is. Undefined when it cannot be had, which has been reported. Only the
 * keys are checked here: what they hold is, in each authority that inherits it, whole. */
export async function readCentre(centre: Sourced, { reader, problems }: Loading): Promise<Sourced | undefined> {
  const add = (problem: Problem): void => { problems.add(problem); };
  const nothing = { ...centre, value: {} };
  if (centre.value === undefined) return nothing;
  if (!isMap(centre.value)) {
    add(problemAt(centre.place, [], `found ${describeValue(centre.value)}, expected a map of keys`));
    return undefined;
  }
  const unknown = reportUnknownKeys(centre, Object.keys(centreSchema.shape), add);
  const layers = await readLayers(withoutKeys(centre, unknown), reader, add);
  return layers?.reduce((under, over) => mergeLayers(under, over, add), nothing);
}

/** Returns those that were reported. */
function reportUnknownKeys(map: Sourced, known: readonly string[], add: (problem: Problem) => void): string[] {
  const unknown = Object.keys(isMap(map.value) ? map.value : {}).filter((key) => !known.includes(key));
  for (const key of unknown) {
    add(problemAt(map.place, [key], `found the unknown key ${key}, ${expectedOneOf(key, known)}`, 'key'));
  }
  return unknown;
}
