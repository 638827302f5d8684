import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Flow } from '../domain/flow.js';

const versions = new WeakMap<Flow, string>();

/** The name of a definition of a flow: SHA-256 in hex of its canonical JSON. The same definition has the same version after
 * a reload and on every node. */
export function versionOf(flow: Flow): string {
  let version = versions.get(flow);
  if (version === undefined) {
    version = createHash('sha256').update(canonicalJson(flow)).digest('hex');
    versions.set(flow, version);
  }
  return version;
}
