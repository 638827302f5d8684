import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';
import { Misconfigured } from '../connector-api/failures.js';
import type { HttpRequest } from '../connector-api/http.js';
import { publicLookup } from './public-address.js';

/** Idle connections live shorter than any server keeps them, so that a request hardly ever meets one that is being closed:
 * what was written to it would count as an unknown outcome. Milliseconds. */
const IDLE_MS = 2_000;
const IDLE_CONNECTIONS = 16;

/** Kinds of certificates in use at the same time; beyond it, the one used longest ago gives up its connections. */
const POOLS = 200;

export interface AgentPool {
  /** Connections are shared by requests of the same TLS material and the same guard only. Throws Misconfigured for
   * certificates and keys that cannot be read. */
  agentFor(url: URL, request: Pick<HttpRequest, 'tls' | 'allowPrivate'>): http.Agent;
  close(): void;
}

export function createAgentPool(lookup?: LookupFunction): AgentPool {
  const guarded = publicLookup(lookup);
  const agents = new Map<string, http.Agent>();
  return {
    agentFor({ protocol }, { tls = {}, allowPrivate = false }) {
      const key = protocol === 'http:' ? `http ${allowPrivate}` : `https ${allowPrivate} ${fingerprint(tls)}`;
      const options = { keepAlive: true, timeout: IDLE_MS, maxFreeSockets: IDLE_CONNECTIONS, ...(allowPrivate ? lookup && { lookup } : { lookup: guarded }) };
      const agent = agents.get(key) ?? (protocol === 'http:' ? new http.Agent(options) : new https.Agent({ ...options, ...trust(tls) }));
      agents.delete(key);
      agents.set(key, agent);
      // Its idle connections end by themselves, those in use when they are done.
      if (agents.size > POOLS) agents.delete([...agents.keys()][0] ?? '');
      return agent;
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

function trust({ ca, cert, key, passphrase }: NonNullable<HttpRequest['tls']>): https.AgentOptions {
  const own = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), ...(passphrase !== undefined && { passphrase }) };
  try {
    // An explicit `true`: the environment cannot switch the verification off.
    return { rejectUnauthorized: true, secureContext: createSecureContext({ ...own, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) }) };
  } catch (error) {
    throw new Misconfigured('The certificate, its key or the authority that is trusted beside the usual ones cannot be read: PEM texts that belong together are needed, and the passphrase if there is one.', { cause: error });
  }
}

function fingerprint({ ca = '', cert = '', key = '', passphrase = '' }: NonNullable<HttpRequest['tls']>): string {
  return createHash('sha256').update(JSON.stringify([ca, cert, key, passphrase])).digest('hex');
}
