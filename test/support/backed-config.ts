import fs from 'node:fs';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';

/** Types of connectors that can stand behind a meeting config. */
export type BackendType = 'plonemeeting-rest' | 'plonemeeting-soap';

const BEHIND = 'behind';

export interface BackedConfig {
  readonly type: BackendType;
  /** Where the gateway simulates the system. */
  readonly port: number;
  /** More keys of `backend:`. */
  readonly backend?: Readonly<Record<string, unknown>>;
  /** More settings of the connector. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The configuration with a simulated system behind every meeting config of its authority; all else stays. Written to `to`. */
export function backConfigs(from: string, to: string, { type, port, backend, settings }: BackedConfig): string {
  const document = parseDocument(fs.readFileSync(from, 'utf8'));
  const configs = document.getIn(['authority', 'meetingConfigs']);
  if (!isSeq(configs)) throw new Error(`${from} has no meeting configs`);
  for (const config of configs.items.filter((item): item is YAMLMap => isMap(item))) config.set('backend', document.createNode({ connector: BEHIND, ...backend }));
  const connector = { id: BEHIND, type, simulated: port, ...(settings !== undefined && { settings }) };
  const connectors = document.getIn(['authority', 'connectors']);
  if (isSeq(connectors)) connectors.add(document.createNode(connector));
  else document.setIn(['authority', 'connectors'], document.createNode([connector]));
  fs.writeFileSync(to, document.toString());
  return to;
}
